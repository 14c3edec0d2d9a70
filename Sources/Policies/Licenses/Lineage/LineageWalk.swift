/// One way through the ancestors of a repository: breadth first, so that the path to each is the shortest.
struct LineageWalk {
    /// An ancestor that was reached.
    private struct Step {
        let id: String
        /// The step before it; -1 for the repository itself.
        let previous: Int
        let relation: LicenseLineage.Relation?
        let depth: Int
        /// Whether something on the way changed the content, and not only its encoding.
        var isChanged: Bool
        let isQuantised: Bool
    }

    private let nodes: [String: LicenseLineage.Node]
    private let root: String
    private var steps: [Step] = []
    /// Edges to datasets: from which step, to which.
    private var datasets: [(step: Int, id: String)] = []
    private var unknown: [Int] = []
    private var isTruncated = false

    init(nodes: [String: LicenseLineage.Node], root: String) {
        self.nodes = nodes
        self.root = root
        walk()
    }

    /// O(steps); paths are only built for what is told.
    var conclusion: LicenseConclusion {
        let resolution = LicenseResolution(nodes[root] ?? LicenseLineage.Node(id: root))
        var terms: [LicenseConclusion.Term] = []
        var termByText: [String: Int] = [:]
        var conflicts = resolution.conflicts
        var told: Set<String> = []
        let own = resolution.own
        for (index, step) in steps.enumerated() {
            let node = nodes[step.id]
            guard index == 0 || node != nil else { continue }
            let found = index > 0 ? node.map(LicenseResolution.init) ?? resolution : resolution
            let text = found.own.description
            if let existing = termByText[text] {
                terms[existing].count += 1
            } else {
                termByText[text] = terms.count
                terms.append(
                    .init(
                        expression: found.own, path: path(to: index), relation: step.relation, source: found.source,
                        evidence: found.evidence, count: 1))
            }
            guard index > 0, told.insert("\(text) \(step.isChanged)").inserted else { continue }
            conflicts += lineageConflicts(index, found.own, own, isFirst: told.insert(text).inserted)
        }
        if let notice = missingNotice() { conflicts.append(notice) }
        conflicts += cycles()
        var concluded = terms.map(\.expression)
        if !unknown.isEmpty || isTruncated, !concluded.contains(.license(.unknown)) {
            concluded.append(.license(.unknown))
        }
        return LicenseConclusion(
            declared: resolution.declared, declaredSource: resolution.declaredSource, own: own,
            concluded: concluded.count == 1 ? concluded[0] : .all(concluded), terms: terms,
            obligations: obligations(terms), conflicts: conflicts, advisories: advisories(),
            unknownAncestors: unknown.prefix(100).map { path(to: $0) }, isTruncated: isTruncated,
            ancestorCount: steps.count - 1)
    }

    // MARK: - The walk

    private mutating func walk() {
        steps = [Step(id: root, previous: -1, relation: nil, depth: 0, isChanged: false, isQuantised: false)]
        var places = [root: 0]
        var next = 0
        while next < steps.count {
            let step = steps[next]
            if nodes[step.id] == nil, next > 0 { unknown.append(next) }
            for parent in nodes[step.id]?.parents ?? [] {
                switch parent.relation {
                case .newVersion: continue
                case .dataset:
                    if datasets.count < LicenseLineage.maximumNodes { datasets.append((next, parent.id)) }
                    continue
                case .finetune, .adapter, .merge, .quantized, .derived: break
                }
                let isChanged = step.isChanged || parent.relation != .quantized
                if let place = places[parent.id] {
                    // Reached before; another way may have changed it where the first did not.
                    if place > 0, isChanged { steps[place].isChanged = true }
                    continue
                }
                guard steps.count <= LicenseLineage.maximumNodes, step.depth < LicenseLineage.maximumDepth else {
                    isTruncated = true
                    continue
                }
                places[parent.id] = steps.count
                steps.append(
                    Step(
                        id: parent.id, previous: next, relation: parent.relation, depth: step.depth + 1,
                        isChanged: isChanged,
                        isQuantised: next == 0 ? parent.relation == .quantized : step.isQuantised))
            }
            next += 1
        }
    }

    private func path(to index: Int) -> [String] {
        var path: [String] = []
        var index = index
        while index >= 0 {
            path.append(steps[index].id)
            index = steps[index].previous
        }
        return path.reversed()
    }

    // MARK: - Obligations and conflicts

    private func obligations(_ terms: [LicenseConclusion.Term]) -> [LicenseConclusion.Obligation] {
        var found: [LicenseFlag: LicenseConclusion.Obligation] = [:]
        for term in terms {
            for flag in term.expression.flags where found[flag] == nil {
                found[flag] = .init(flag: flag, license: term.expression.description, path: term.path)
            }
        }
        return found.values.sorted { $0.flag < $1.flag }
    }

    private func lineageConflicts(
        _ index: Int, _ ancestor: LicenseExpression, _ own: LicenseExpression, isFirst: Bool
    ) -> [LicenseConflict] {
        let who = "\(Self.degree(steps[index].depth)) \(steps[index].id) is \(ancestor.declared)"
        var conflicts: [LicenseConflict] = []
        if steps[index].isChanged, ancestor.flags.contains(.noDerivatives) {
            conflicts.append(
                LicenseConflict(
                    kind: .noDerivatives, text: "it is derived; \(who), which allows no derivatives",
                    path: path(to: index)))
        }
        guard isFirst else { return conflicts }
        let dropped = LicenseCompatibility.dropped(from: ancestor, by: own)
        if !dropped.isEmpty {
            let clauses = dropped.map(\.predicate).joined(separator: " and ")
            conflicts.append(
                LicenseConflict(
                    kind: .restrictionDropped, text: "says \(own.declared); \(who), which \(clauses)",
                    path: path(to: index)))
        }
        if let license = LicenseCompatibility.copyleftDropped(from: ancestor, by: own) {
            conflicts.append(
                LicenseConflict(
                    kind: .copyleftDropped,
                    text: "says \(own.declared); \(who), and derivatives of \(license.declared) must stay under it",
                    path: path(to: index)))
        }
        return conflicts
    }

    /// `parent`, `grand-parent`, `great-grand-parent`, `ancestor 4 generations up`.
    private static func degree(_ depth: Int) -> String {
        switch depth {
        case 1: "parent"
        case 2: "grand-parent"
        case 3: "great-grand-parent"
        default: "ancestor \(depth) generations up,"
        }
    }

    /// A quantised copy hands the licensed files on, and so has to hand on the licence and the notice.
    private func missingNotice() -> LicenseConflict? {
        guard let files = nodes[root]?.noticeFiles else { return nil }
        let kinds = Set(files.map(Self.noticeKind))
        for (index, step) in steps.enumerated().dropFirst() where step.isQuantised {
            guard let node = nodes[step.id], let theirs = node.noticeFiles, !theirs.isEmpty,
                LicenseResolution(node).own.flags.contains(.attribution)
            else { continue }
            let missing = theirs.filter { !kinds.contains(Self.noticeKind($0)) }
            guard !missing.isEmpty else { return nil }
            return LicenseConflict(
                kind: .missingNotice,
                text: "quantised from \(step.id) without its \(missing.sorted().joined(separator: " and "))",
                path: path(to: index))
        }
        return nil
    }

    private static func noticeKind(_ path: String) -> Bool { path.lowercased().contains("notice") }

    /// Ways that lead back to where they came from; at most ten.
    private func cycles() -> [LicenseConflict] {
        enum Colour { case open, done }
        var colours: [String: Colour] = [:]
        var found: [LicenseConflict] = []
        var way: [(id: String, parents: [LicenseLineage.Parent], next: Int)] = []
        func parents(_ id: String) -> [LicenseLineage.Parent] {
            (nodes[id]?.parents ?? []).filter { $0.relation != .newVersion && $0.relation != .dataset }
        }
        way.append((root, parents(root), 0))
        colours[root] = .open
        var visited = 0
        while let last = way.last, found.count < 10, visited <= LicenseLineage.maximumNodes {
            guard last.next < last.parents.count else {
                colours[last.id] = .done
                way.removeLast()
                continue
            }
            way[way.count - 1].next += 1
            let parent = last.parents[last.next].id
            switch colours[parent] {
            case .open:
                let start = way.firstIndex { $0.id == parent } ?? 0
                let names = way[start...].map(\.id) + [parent]
                let shown = names.count <= 12 ? names : Array(names.prefix(6)) + ["…"] + names.suffix(5)
                found.append(
                    LicenseConflict(kind: .cycle, text: "\(parent) is named among its own ancestors", path: shown))
            case .done: continue
            case nil:
                colours[parent] = .open
                visited += 1
                way.append((parent, parents(parent), 0))
            }
        }
        return found
    }

    // MARK: - Datasets

    private func advisories() -> [LicenseConflict] {
        let telling: Set<LicenseFlag> = [
            .nonCommercial, .noDerivatives, .shareAlike, .useRestrictions, .strongCopyleft, .networkCopyleft, .userCap,
            .acceptableUsePolicy,
        ]
        var seen: Set<String> = []
        var found: [LicenseConflict] = []
        var queue = datasets.map { (id: $0.id, step: $0.step, via: [String]()) }
        var next = 0
        while next < queue.count, found.count < 100 {
            let item = queue[next]
            next += 1
            guard seen.insert(item.id).inserted, let node = nodes[item.id] else { continue }
            let own = LicenseResolution(node).own
            let flags = own.flags.intersection(telling).sorted()
            if !flags.isEmpty {
                found.append(
                    LicenseConflict(
                        kind: .dataset,
                        text: "made from dataset \(item.id), which is \(own.declared) and "
                            + flags.map(\.predicate).joined(separator: " and "),
                        path: path(to: item.step) + item.via + [item.id]))
            }
            guard item.via.count < 16, queue.count < LicenseLineage.maximumNodes else { continue }
            for parent in node.parents where parent.relation != .newVersion {
                queue.append((parent.id, item.step, item.via + [item.id]))
            }
        }
        return found
    }
}
