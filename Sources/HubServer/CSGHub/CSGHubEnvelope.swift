import HubCore

extension HubResponse {
    /// `{"msg":"OK","data":…,"total":N}`; clients compare `msg`.
    ///
    /// - Parameters:
    ///   - total: number of all matches of a paged list; left out when nil or 0.
    ///   - data: writes one value.
    static func enveloped(total: Int64? = nil, _ data: (inout JSONWriter) -> Void) -> HubResponse {
        .json { json in
            json.object { json in
                json.member("msg", "OK")
                json.key("data")
                data(&json)
                if let total, total != 0 { json.member("total", total) }
            }
        }
    }

    /// The list of something that belongs to an account. CSGHub says `message` there where it says `msg` elsewhere, and
    /// shows the `total` even when it is 0; clients find either here.
    static func accountList(total: Int64, _ elements: (inout JSONWriter) -> Void) -> HubResponse {
        .json { json in
            json.object { json in
                json.member("msg", "OK")
                json.member("message", "OK")
                json.array("data", elements)
                json.member("total", total)
            }
        }
    }

    /// `{"msg":"OK","data":{"data":[…],"total":N}}`: lists of users, organisations and members stand a level deeper.
    static func nestedList(total: Int64, _ elements: (inout JSONWriter) -> Void) -> HubResponse {
        .enveloped { json in
            json.object { json in
                json.array("data", elements)
                json.member("total", total)
            }
        }
    }
}
