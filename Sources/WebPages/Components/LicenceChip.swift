/// The licence of a repository, and whether it lets people do what they mean to.
package enum LicenceChip {
    /// - Parameters:
    ///   - id: SPDX's, or the hub's word for it; nil where none is known.
    ///   - tone: `.neutral` unless something follows from it.
    ///   - detail: what follows from it, as a tooltip.
    ///   - address: where it is explained.
    package static func view(
        _ id: String?, tone: StateChip.Tone = .neutral, detail: String? = nil, address: String? = nil,
        _ context: PageContext
    ) -> HTML {
        let shown = id ?? context.t.licenceUnknown
        let isKnown = id != nil
        let content: HTML = "\(Icon.view(isKnown ? "scale" : "circle-question-mark"))<span>\(shown)</span>"
        let name = "chip \(isKnown ? tone.rawValue : StateChip.Tone.warn.rawValue)"
        guard let address else { return "<span class=\"\(name)\"\(attribute: "title", detail)>\(content)</span>" }
        return "<a class=\"\(name)\"\(attribute: "title", detail) href=\(url: address)>\(content)</a>"
    }
}

extension L10n {
    package var licenceUnknown: String { pick(en: "Licence unknown", zh: "许可证未知") }
}
