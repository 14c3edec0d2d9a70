/// A language of the website.
package enum Language: String, Sendable, CaseIterable {
    case english = "en"
    case chinese = "zh"

    /// What `<html lang>` says.
    package var tag: String { self == .chinese ? "zh-CN" : "en" }
    /// How it calls itself.
    package var ownName: String { self == .chinese ? "中文" : "English" }

    /// The language that an `Accept-Language` header prefers; nil when it wants none of ours.
    /// - SeeAlso: RFC 9110 §12.5.4.
    package init?(preferred header: String) {
        var best: (language: Language, quality: Double)?
        for range in header.split(separator: ",").prefix(20) {
            let parts = range.split(separator: ";")
            guard let tag = parts.first?.filter({ $0 != " " }).lowercased() else { continue }
            let primary = tag.prefix { $0 != "-" }
            guard let language = Language(rawValue: String(primary)) else { continue }
            let quality =
                parts.dropFirst().compactMap { part -> Double? in
                    let text = part.filter { $0 != " " }
                    return text.hasPrefix("q=") ? Double(text.dropFirst(2)) : nil
                }.first ?? 1
            guard quality > 0 else { continue }
            if best.map({ quality > $0.quality }) ?? true { best = (language, quality) }
        }
        guard let best else { return nil }
        self = best.language
    }
}
