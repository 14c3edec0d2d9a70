/// A choice among few places to look, each its own address.
package enum SourceSwitch {
    package struct Choice: Sendable {
        package let label: String
        package let address: String
        /// How much is there, where that is known.
        package let count: String?
        package let isCurrent: Bool

        package init(_ label: String, _ address: String, count: String? = nil, isCurrent: Bool) {
            self.label = label
            self.address = address
            self.count = count
            self.isCurrent = isCurrent
        }
    }

    package static func view(_ label: String, _ choices: [Choice]) -> HTML {
        let links = choices.map { choice -> HTML in
            """
            <a href=\(url: choice.address)\(attribute: "aria-current", choice.isCurrent ? "true" : nil)>\
            <span>\(choice.label)</span>\(choice.count.map { count -> HTML in "<span class=\"count\">\(count)</span>" })</a>
            """
        }
        return "<nav class=\"source-switch\" aria-label=\"\(label)\">\(each: links)</nav>"
    }
}
