/// How much of an allowance is used: of the hard limit, with the soft one said in words.
package enum QuotaMeter {
    /// - Parameters:
    ///   - used: bytes, or pieces when `unit` says so.
    ///   - hard: what cannot be passed; nil for no limit.
    ///   - soft: where people are warned.
    package static func view(
        _ label: String, used: Int64, soft: Int64? = nil, hard: Int64?, unit: Unit = .bytes, _ context: PageContext
    ) -> HTML {
        let t = context.t
        func text(_ value: Int64) -> String { unit == .bytes ? t.bytes(value) : t.number(value) }
        guard let hard, hard > 0 else {
            return "<span class=\"progress-note\">\(t.quotaUnlimited(used: text(used)))</span>"
        }
        let share = t.percent(Double(used) / Double(hard))
        let note = t.quota(used: text(used), limit: text(hard), share: share, soft: soft.map(text))
        // A hard limit that leaves no room for a warning has its marks at the limit itself.
        let low = min(max(soft ?? hard / 4 * 3, 0), hard)
        return """
            <div class="progress"><meter aria-label="\(label)" min="0" max="\(hard)" low="\(low)" \
            high="\(max(low, hard / 20 * 19))" optimum="0" value="\(min(max(used, 0), hard))"></meter>\
            <span class="progress-note">\(note)</span></div>
            """
    }

    package enum Unit: Sendable { case bytes, pieces }
}

extension L10n {
    func quotaUnlimited(used: String) -> String { pick(en: "\(used), no limit", zh: "\(used)，无上限") }
    func quota(used: String, limit: String, share: String, soft: String?) -> String {
        guard let soft else { return pick(en: "\(used) of \(limit) (\(share))", zh: "\(used) / \(limit)（\(share)）") }
        return pick(
            en: "\(used) of \(limit) (\(share)), warning at \(soft)", zh: "\(used) / \(limit)（\(share)），\(soft) 时提醒")
    }
}
