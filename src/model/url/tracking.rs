//! Query parameters that track how a reader came to a page and do not select it.

/// Such parameters, compared without regard to case. Stored keys and published links rest on this table, so it never changes:
/// [`FURTHER_PARAMETERS`] has those that were found later.
const TRACKING_PARAMETERS: &[&str] = &[
    "_ga",
    "_gl",
    "amp",
    "at_campaign",
    "at_custom1",
    "at_custom2",
    "at_custom3",
    "at_custom4",
    "at_format",
    "at_link_id",
    "at_link_origin",
    "at_link_type",
    "at_medium",
    "at_ptr_name",
    "cmpid",
    "dclid",
    "fb_action_ids",
    "fb_action_types",
    "fb_ref",
    "fb_source",
    "fbclid",
    "ftag",
    "gbraid",
    "gclid",
    "gclsrc",
    "igshid",
    "mc_cid",
    "mc_eid",
    "mibextid",
    "mkt_tok",
    "msclkid",
    "ncid",
    "ocid",
    "oly_anon_id",
    "oly_enc_id",
    "rb_clickid",
    "ref",
    "ref_src",
    "s_cid",
    "soc_src",
    "soc_trk",
    "spm",
    "sr_share",
    "srsltid",
    "trk",
    "twclid",
    "ved",
    "wbraid",
    "wt_mc",
    "xtor",
    "yclid",
];
/// Prefixes of families of such parameters.
const TRACKING_PREFIXES: &[&str] = &["utm_", "pk_", "piwik_", "matomo_", "mtm_", "hsa_", "wt."];

/// Parameters that only the canonical form leaves out, compared without regard to case, each documented by whoever sets it.
const FURTHER_PARAMETERS: &[&str] = &[
    "__cft__",
    "__s",
    "__tn__",
    "_branch_match_id",
    "_branch_referrer",
    "_bta_c",
    "_bta_tid",
    "_cio_id",
    "_hsenc",
    "_hsmi",
    "_ke",
    "_kx",
    "_openstat",
    "_x_tr_sch",
    "aa_source",
    "action_object_map",
    "action_ref_map",
    "action_type_map",
    "aef_campaign_date",
    "aef_campaign_ref",
    "amp_gsa",
    "amp_js_v",
    "amp_latest_update_time",
    "at_ad",
    "at_affiliate",
    "at_bbc_team",
    "at_channel",
    "at_creation",
    "at_detail_placement",
    "at_emailtype",
    "at_general_placement",
    "at_identifier",
    "at_link",
    "at_network",
    "at_platform",
    "at_recipient_id",
    "at_recipient_list",
    "at_send_date",
    "at_term",
    "at_type",
    "at_variant",
    "cx_artpos",
    "cx_testid",
    "cx_testvariant",
    "dicbo",
    "dm_i",
    "doing_wp_cron",
    "ef_id",
    "epik",
    "gad_campaignid",
    "gad_source",
    "hsctatracking",
    "igsh",
    "irclickid",
    "irgwc",
    "li_fat_id",
    "maca",
    "mkwid",
    "ml_subscriber",
    "ml_subscriber_hash",
    "moderation-hash",
    "noamp",
    "ns_campaign",
    "ns_fee",
    "ns_linkname",
    "ns_mchannel",
    "ns_source",
    "obclickid",
    "outbrainclickid",
    "pcrid",
    "rdt_cid",
    "redirect_log_mongo_id",
    "redirect_mongo_id",
    "replytocom",
    "s_kwcid",
    "sc_campaign",
    "sc_cid",
    "sccid",
    "smtyp",
    "tblci",
    "traffic_source",
    "trk_contact",
    "trk_module",
    "trk_msg",
    "trk_sid",
    "ttclid",
    "unapproved",
    "usqp",
    "var_mode",
    "var_recherche",
    "vero_conv",
    "vero_id",
    "wickedid",
    "wt_zmc",
    "xtref",
    "ysclid",
];
/// Prefixes of families of such parameters.
const FURTHER_PREFIXES: &[&str] = &["__hs", "etcc_", "relatedposts_", "sb_referer_"];

/// Returns whether the parameter `name` is one of the stored table.
pub(super) fn is_tracking(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    TRACKING_PARAMETERS.binary_search(&name.as_str()).is_ok() || TRACKING_PREFIXES.iter().any(|prefix| name.starts_with(prefix))
}

/// Returns whether the canonical form leaves the parameter `name` out on top of those of [`is_tracking`].
pub(super) fn is_further_tracking(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    FURTHER_PARAMETERS.binary_search(&name.as_str()).is_ok() || FURTHER_PREFIXES.iter().any(|prefix| name.starts_with(prefix))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_of_parameters_are_sorted_and_disjoint() {
        assert!(TRACKING_PARAMETERS.is_sorted());
        assert!(FURTHER_PARAMETERS.is_sorted_by(|a, b| a < b));
        for name in FURTHER_PARAMETERS {
            assert!(!is_tracking(name), "{name}");
        }
    }
}
