/// How far something is.
package enum ProgressLine {
    /// - Parameters:
    ///   - done: of `total`, in the same unit; nil where nobody knows how much it will be.
    ///   - note: such as "10.1 / 16.4 GB · 118 MB/s · 00:53".
    package static func view(done: Int64, of total: Int64?, label: String, note: String) -> HTML {
        let value = total.map { $0 > 0 ? String(min(done, $0)) : "0" }
        let most = total.map { String(max($0, 1)) }
        return """
            <div class="progress"><progress aria-label="\(label)"\(attribute: "value", value)\(attribute: "max", most)>\
            </progress><span class="progress-note">\(note)</span></div>
            """
    }
}

/// How much of what is allowed is used.
package enum Meter {
    package static func view(used: Int64, limit: Int64?, label: String, note: String) -> HTML {
        guard let limit, limit > 0 else { return "<span class=\"progress-note\">\(note)</span>" }
        return """
            <div class="progress"><meter aria-label="\(label)" min="0" max="\(limit)" low="\(limit / 4 * 3)" \
            high="\(limit / 20 * 19)" optimum="0" value="\(min(used, limit))"></meter>\
            <span class="progress-note">\(note)</span></div>
            """
    }
}
