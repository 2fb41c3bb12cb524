//! Mistakes in values, as they are reported.

use super::mistakes;
use insta::assert_snapshot;

#[test]
fn types_are_wrong() {
    let found = mistakes(
        r#"[site]
title = 3
include = "sources.d/*.toml"
[fetch]
jobs = "16"
allow_private_networks = "no"
every = 3600
[report]
fail_on = 0.9
[search]
index = [true]
"#,
    );
    assert_snapshot!(found, @r#"
    error: `title` needs a text, not a number
     --> feeds.toml:2:9
      |
    2 | title = 3
      |         ^

    error: `include` needs an array of texts, not a text
     --> feeds.toml:3:11
      |
    3 | include = "sources.d/*.toml"
      |           ^^^^^^^^^^^^^^^^^^
      |
      = help: write include = ["sources.d/*.toml"]

    error: `jobs` needs a whole number, not a text
     --> feeds.toml:5:8
      |
    5 | jobs = "16"
      |        ^^^^
      |
      = help: write 16, without quotation marks

    error: `allow_private_networks` needs true or false, not a text
     --> feeds.toml:6:26
      |
    6 | allow_private_networks = "no"
      |                          ^^^^
      |
      = help: write false, without quotation marks

    error: `every` needs a duration as a text, such as "1h", not a number
     --> feeds.toml:7:9
      |
    7 | every = 3600
      |         ^^^^

    error: `fail_on` needs a share as a text, such as "90%", not a number
     --> feeds.toml:9:11
      |
    9 | fail_on = 0.9
      |           ^^^

    error: `index` needs true or false, not an array
      --> feeds.toml:11:9
       |
    11 | index = [true]
       |         ^^^^^^
    "#);
}

#[test]
fn urls_are_wrong() {
    let found = mistakes(
        r#"[site]
base_url = "https://feeds.example.org/?x=1"
[[source]]
id = "a"
url = "lefaso.net/feed"
[[source]]
id = "b"
urls = ["ftp://b.example/", "https://", "https://user:word@b.example/"]
[[topic]]
id = "t"
any = ["x"]
hub = "hub"
notify = [1]
"#,
    );
    assert_snapshot!(found, @r#"
    error: `base_url` must not hold a query or a fragment
     --> feeds.toml:2:12
      |
    2 | base_url = "https://feeds.example.org/?***"
      |            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^

    error: `url` is no URL: it does not begin with https:// or http://
     --> feeds.toml:5:7
      |
    5 | url = "lefaso.net/feed"
      |       ^^^^^^^^^^^^^^^^^
      |
      = help: did you mean `https://lefaso.net/feed`?

    error: `urls` must be a URL of https or http, not of ftp
     --> feeds.toml:8:9
      |
    8 | urls = ["ftp://b.example/", "https://", "https://*********@b.example/"]
      |         ^^^^^^^^^^^^^^^^^^

    error: `urls` is no URL: empty host
     --> feeds.toml:8:29
      |
    8 | urls = ["ftp://b.example/", "https://", "https://*********@b.example/"]
      |                             ^^^^^^^^^^

    error: `urls` must not hold a user or a password
     --> feeds.toml:8:41
      |
    8 | urls = ["ftp://b.example/", "https://", "https://*********@b.example/"]
      |                                         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: put `user:password` into `auth`, or better its name there: auth = "env:NAME"

    error: `hub` is no URL: it does not begin with https:// or http://
      --> feeds.toml:12:7
       |
    12 | hub = "hub"
       |       ^^^^^

    error: `notify` needs only texts and tables, not a number
      --> feeds.toml:13:11
       |
    13 | notify = [1]
       |           ^
    "#);
}

#[test]
fn durations_sizes_and_shares_are_wrong() {
    let found = mistakes(
        r#"[fetch]
every = "1 hour"
timeout = "0s"
max_body = "15"
[report]
fail_on = "90"
[retention]
keep = "200y"
"#,
    );
    assert_snapshot!(found, @r#"
    error: `every` is no duration
     --> feeds.toml:2:9
      |
    2 | every = "1 hour"
      |         ^^^^^^^^
      |
      = help: write a whole number and a unit: ms, s, m, h, d, w or y, such as "30s", "1h30m" or "14d"

    error: `timeout` must be longer than 0s
     --> feeds.toml:3:11
      |
    3 | timeout = "0s"
      |           ^^^^

    error: `max_body` is no size
     --> feeds.toml:4:12
      |
    4 | max_body = "15"
      |            ^^^^
      |
      = help: write a whole number and a unit, such as "15MB", "500kB" or "16MiB"

    error: `fail_on` is no share
     --> feeds.toml:6:11
      |
    6 | fail_on = "90"
      |           ^^^^
      |
      = help: write a number from 0 to 100 and a percent sign, such as "90%"

    error: `keep` must not be longer than 100y
     --> feeds.toml:8:8
      |
    8 | keep = "200y"
      |        ^^^^^^
    "#);
}

#[test]
fn numbers_are_out_of_range() {
    let found = mistakes(
        r#"[fetch]
jobs = 0
[[source]]
id = "a"
url = "https://a.example/feed"
trust = 101
[[topic]]
id = "t"
any = ["x"]
limit = -1
min_score = nan
expect = { precision = 1.5, recall = 90 }
"#,
    );
    assert_snapshot!(found, @r#"
    error: `jobs` must lie between 1 and 256
     --> feeds.toml:2:8
      |
    2 | jobs = 0
      |        ^

    error: `trust` must lie between 0 and 100
     --> feeds.toml:6:9
      |
    6 | trust = 101
      |         ^^^

    error: `limit` must lie between 1 and 1000
      --> feeds.toml:10:9
       |
    10 | limit = -1
       |         ^^

    error: `min_score` must lie between 0 and 1000000
      --> feeds.toml:11:13
       |
    11 | min_score = nan
       |             ^^^

    error: `precision` must lie between 0 and 1
      --> feeds.toml:12:24
       |
    12 | expect = { precision = 1.5, recall = 90 }
       |                        ^^^

    error: `recall` must lie between 0 and 1
      --> feeds.toml:12:38
       |
    12 | expect = { precision = 1.5, recall = 90 }
       |                                      ^^
    "#);
}

#[test]
fn countries_zones_languages_and_charsets_are_wrong() {
    let found = mistakes(
        r#"[site]
timezone = "Bamako"
[[source]]
id = "a"
url = "https://a.example/feed"
country = "ml"
lang = "french"
timezone = "+01:00"
charset = "arabic-1"
[[source]]
id = "b"
url = "https://b.example/feed"
country = "UK"
"#,
    );
    assert_snapshot!(found, @r#"
    error: `timezone` is no time zone that we know
     --> feeds.toml:2:12
      |
    2 | timezone = "Bamako"
      |            ^^^^^^^^
      |
      = help: write a name of the IANA database, such as "Africa/Bamako" or "UTC"

    error: `country` is no country code
     --> feeds.toml:6:11
      |
    6 | country = "ml"
      |           ^^^^
      |
      = help: did you mean "ML"?

    error: `lang` is no language tag
     --> feeds.toml:7:8
      |
    7 | lang = "french"
      |        ^^^^^^^^
      |
      = help: did you mean "fr"?

    error: `timezone` is no time zone that we know
     --> feeds.toml:8:12
      |
    8 | timezone = "+01:00"
      |            ^^^^^^^^
      |
      = help: write a name of the IANA database, such as "Africa/Bamako" or "UTC"

    error: `charset` is no charset that we know
     --> feeds.toml:9:11
      |
    9 | charset = "arabic-1"
      |           ^^^^^^^^^^
      |
      = help: write "auto" or a label of the Encoding Standard, such as "utf-8", "windows-1252" or "windows-1256"

    error: `country` is no country code
      --> feeds.toml:13:11
       |
    13 | country = "UK"
       |           ^^^^
       |
       = help: did you mean "GB"?
    "#);
}

#[test]
fn networks_are_wrong() {
    let found = mistakes(
        r#"[fetch]
allow_networks = ["127.0.0.1", "10.0.0.0/40", "fd00::/8"]
"#,
    );
    assert_snapshot!(found, @r#"
    error: `allow_networks` holds something that is no network
     --> feeds.toml:2:19
      |
    2 | allow_networks = ["127.0.0.1", "10.0.0.0/40", "fd00::/8"]
      |                   ^^^^^^^^^^^
      |
      = help: did you mean `127.0.0.1/32`?

    error: `allow_networks` holds something that is no network
     --> feeds.toml:2:32
      |
    2 | allow_networks = ["127.0.0.1", "10.0.0.0/40", "fd00::/8"]
      |                                ^^^^^^^^^^^^^
      |
      = help: write it in CIDR notation, such as "10.0.0.0/8"
    "#);
}

#[test]
fn secrets_name_no_variable() {
    let found = mistakes(
        r#"[[source]]
id = "a"
url = "https://a.example/feed"
auth = "env:"
headers = { Cookie = "env:A B", "X Y" = "1", Host = "b.example" }
[[topic]]
id = "t"
any = ["x"]
token = ""
[admin]
[smtp]
url = "mail.example"
"#,
    );
    assert_snapshot!(found, @r#"
    error: `auth` names no environment variable
     --> feeds.toml:4:8
      |
    4 | auth = "env:"
      |        ^^^^^^
      |
      = help: write its name behind the colon: "env:NAME"

    error: `headers` names no possible environment variable
     --> feeds.toml:5:22
      |
    5 | headers = { Cookie = "*******", "X Y" = "*", Host = "*********" }
      |                      ^^^^^^^^^
      |
      = help: a name is made of letters, digits and `_`, and starts with no digit

    error: `headers` holds `X Y`, which is no name of a header
     --> feeds.toml:5:41
      |
    5 | headers = { Cookie = "*******", "X Y" = "*", Host = "*********" }
      |                                         ^^^

    error: `headers` must not set `Host`: the connection itself does
     --> feeds.toml:5:53
      |
    5 | headers = { Cookie = "*******", "X Y" = "*", Host = "*********" }
      |                                                     ^^^^^^^^^^^

    error: `token` must not be empty
     --> feeds.toml:9:9
      |
    9 | token = ""
      |         ^^
      |
      = help: leave the key out, or write "env:NAME"

    error: [admin] needs `password_hash`
      --> feeds.toml:10:1
       |
    10 | [admin]
       | ^^^^^^^

    error: `url` is no URL: it does not begin with smtp:// or smtps://
      --> feeds.toml:12:7
       |
    12 | url = "************"
       |       ^^^^^^^^^^^^^^
       |
       = help: did you mean `smtp://mail.example`?
    "#);
}

#[test]
fn notifications_that_nobody_would_get_are_wrong() {
    let found = mistakes(
        r#"[site]
contact = "https://desk.example/"
[smtp]
url = "smtp://mail.example"
health = true
[[topic]]
id = "a"
any = ["x"]
token = "word"
hub = "https://hub.example/"
[[topic]]
id = "b"
any = ["x"]
hub = "https://hub.example/"
notify = [{ url = "https://x.example/", on = "alert" }]
"#,
    );
    assert_snapshot!(found, @r#"
    error: mail has no sender
     --> feeds.toml:3:1
      |
    3 | [smtp]
      | ^^^^^^
      |
      = help: add `from`, or a mail address as `contact` of [site]

    error: the sources' health is mailed to nobody
     --> feeds.toml:5:10
      |
    5 | health = ****
      |          ^^^^
      |
      = help: add `to`

    error: the topic `a` is private, and a hub would tell everybody of it
      --> feeds.toml:10:7
       |
    10 | hub = "https://hub.example/"
       |       ^^^^^^^^^^^^^^^^^^^^^^
       |
       = help: remove `hub` or `token`

    error: the hub of the topic `b` needs the public address of its feeds
      --> feeds.toml:14:7
       |
    14 | hub = "https://hub.example/"
       |       ^^^^^^^^^^^^^^^^^^^^^^
       |
       = help: set `base_url` of [site]

    error: the topic `b` raises no alerts, so nothing would be told
      --> feeds.toml:15:10
       |
    15 | notify = [{ url = "https://x.example/", on = "alert" }]
       |          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
       |
       = help: add alert = { sources = 3, within = "1h" }
    "#);
}

#[test]
fn targets_of_notifications_are_wrong() {
    let found = mistakes(
        r#"[[topic]]
id = "a"
any = ["x"]
notify = ["mailto:a b@c", { url = "https://x.example/", on = "never", colour = "red" }, {}, 7, "hooks.example"]
[[topic]]
id = "b"
any = ["x"]
alert = { sources = 2, within = "1h" }
notify = { url = "mailto:a@b.example" }
[[topic]]
id = "c"
any = ["x"]
alert = { sources = 2, within = "1h" }
notify = ["mailto:a@b.example"]
"#,
    );
    assert_snapshot!(found, @r#"
    error: `notify` must be a mail address, such as desk@example.org
     --> feeds.toml:4:11
      |
    4 | notify = ["mailto:a b@c", { url = "https://x.example/", on = "never", colour = "red" }, {}, 7, "hooks.example"]
      |           ^^^^^^^^^^^^^^

    error: `on` must be one of "all", "story", "alert"
     --> feeds.toml:4:62
      |
    4 | notify = ["mailto:a b@c", { url = "https://x.example/", on = "never", colour = "red" }, {}, 7, "hooks.example"]
      |                                                              ^^^^^^^

    error: unknown key `colour` in `notify` of [[topic]]
     --> feeds.toml:4:71
      |
    4 | notify = ["mailto:a b@c", { url = "https://x.example/", on = "never", colour = "red" }, {}, 7, "hooks.example"]
      |                                                                       ^^^^^^
      |
      = help: known here: url, format, on, secret

    error: `notify` of [[topic]] needs `url`
     --> feeds.toml:4:89
      |
    4 | notify = ["mailto:a b@c", { url = "https://x.example/", on = "never", colour = "red" }, {}, 7, "hooks.example"]
      |                                                                                         ^^

    error: `notify` needs only texts and tables, not a number
     --> feeds.toml:4:93
      |
    4 | notify = ["mailto:a b@c", { url = "https://x.example/", on = "never", colour = "red" }, {}, 7, "hooks.example"]
      |                                                                                             ^

    error: `notify` is no URL: it does not begin with https:// or http://
     --> feeds.toml:4:96
      |
    4 | notify = ["mailto:a b@c", { url = "https://x.example/", on = "never", colour = "red" }, {}, 7, "hooks.example"]
      |                                                                                                ^^^^^^^^^^^^^^^
      |
      = help: did you mean `https://hooks.example/`?

    error: `notify` needs an array of texts and tables, not a table
     --> feeds.toml:9:10
      |
    9 | notify = { url = "********@b.example" }
      |          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^

    error: the topic `c` sends mail, and no mail server is known
      --> feeds.toml:14:10
       |
    14 | notify = ["********@b.example"]
       |          ^^^^^^^^^^^^^^^^^^^^^^
       |
       = help: add `url` of [smtp]
    "#);
}
