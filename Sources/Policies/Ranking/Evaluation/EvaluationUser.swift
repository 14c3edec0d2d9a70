/// Somebody whose choices a ranking has to foresee, with what binds him.
package struct EvaluationUser: Sendable {
    package let name: String
    /// Bytes of memory of his accelerators; nil: no bound.
    package let memory: Int64?
    package let isCommercial: Bool

    package init(name: String, memory: Int64?, isCommercial: Bool) {
        self.name = name
        self.memory = memory
        self.isCommercial = isCommercial
    }

    /// Whether a ranking that recommends this to him has broken a licence.
    func violatesLicense(_ item: RankingItem) -> Bool {
        item.licenseOutcome == .deny || (isCommercial && item.licenseFlags.contains(.nonCommercial))
    }

    /// Whether it does not fit.
    func violatesHardware(_ item: RankingItem) -> Bool {
        guard let memory, let size = item.size else { return false }
        return size.memory(context: 4_096) >= Double(memory)
    }
}

/// Who used what when, among which items: what a ranking is evaluated on.
package struct InteractionSet: Sendable {
    package let items: [RankingItem]
    package let users: [EvaluationUser]
    package let usage: [Usage]

    package init(items: [RankingItem], users: [EvaluationUser], usage: [Usage]) {
        self.items = items
        self.users = users
        self.usage = usage
    }

    /// Each user's last use is what is to be foreseen; everything before it is known. Users with fewer than three uses
    /// are not asked about.
    package func leavingLastOut() -> (known: [Usage], asked: [(user: EvaluationUser, last: Usage)]) {
        var uses: [String: [Usage]] = [:]
        for use in usage { uses[use.user, default: []].append(use) }
        var known: [Usage] = []
        var asked: [(user: EvaluationUser, last: Usage)] = []
        for user in users {
            let history = (uses[user.name] ?? []).sorted { ($0.at, $0.item) < ($1.at, $1.item) }
            guard history.count >= 3, let last = history.last,
                !history.dropLast().contains(where: { $0.item == last.item })
            else {
                known += history
                continue
            }
            known += history.dropLast()
            asked.append((user, last))
        }
        return (known, asked)
    }
}
