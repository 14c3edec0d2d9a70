/// What a refusal says, for who reads it in a browser: the address of a request, which programs follow, leads to its page.
enum RefusalText {
    private static let path = "/api/gateway/v1/approvals/"

    /// - Parameter leads: whether the reader may open requests; to others their addresses are but words.
    static func view(_ text: String, leads: Bool) -> HTML {
        guard leads else { return HTML(text: text) }
        let parts = text.split(separator: " ", omittingEmptySubsequences: false).map { word -> HTML in
            guard let start = word.firstRange(of: path) else { return "\(word)" }
            let number = word[start.upperBound...].prefix { $0.isASCII && $0.isNumber }
            guard let id = Int64(number) else { return "\(word)" }
            let rest = word[start.upperBound...].dropFirst(number.count)
            return "<a href=\(url: "/console/approvals/\(id)")>/console/approvals/\(id)</a>\(rest)"
        }
        var view = HTML()
        for (index, part) in parts.enumerated() {
            if index > 0 { view += " " }
            view += part
        }
        return view
    }
}
