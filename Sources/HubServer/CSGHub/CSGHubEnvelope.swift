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
}
