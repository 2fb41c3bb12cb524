use super::fixture::*;
use super::*;

#[test]
fn dump() {
    for lang in [PageLanguage::En, PageLanguage::Fr, PageLanguage::Ar] {
        let dir = std::path::PathBuf::from(format!("/tmp/pubval/out-{}", lang.tag()));
        let mut d = desk(lang);
        if lang == PageLanguage::Fr {
            d.base_url = None;
        }
        let mut files = render_topic(&d, &topic());
        files.extend(render_topic(&d, &empty()));
        files.extend(render_index(&d, &[summary(&topic()), summary(&empty())], &topic().sources));
        write(&dir, "db", &files).expect("written");
    }
}
