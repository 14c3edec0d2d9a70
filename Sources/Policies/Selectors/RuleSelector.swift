import Foundation

/// The `match:` of a rule. Every selector that is given must match; an empty list is no selector.
/// The values of one list are alternatives.
struct RuleSelector: Sendable, Hashable {
    var kinds: [RepositoryKind] = []
    var repositories: [Glob] = []
    var excludedRepositories: [Glob] = []
    /// Branches, tags or commit ids.
    var revisions: [Glob] = []
    var files: [Glob] = []
    var excludedFiles: [Glob] = []
    var tags: [Glob] = []
    var tasks: [Glob] = []
    var libraries: [Glob] = []
    var languages: [Glob] = []
    var authors: [Glob] = []
    var minimumDownloads: Int64?
    /// Bytes.
    var minimumSize: Int64?
    /// Bytes. For an `allow` rule not a selector but a cap; see `RuleEvaluation`.
    var maximumSize: Int64?
    var maximumParameters: Int64?
    var updatedWithin: Duration?

    var isEmpty: Bool { self == RuleSelector() }

    /// What a selector makes of the facts.
    enum Match: Equatable {
        case no
        /// It depends on these facts, which are not known.
        case unknown(Set<String>)
        /// The clauses say what matched.
        case yes([String])
    }

    /// Everything but `maxSize`, whose meaning depends on the rule's action.
    func match(_ facts: Facts) -> Match {
        var missing: Set<String> = []
        var reasons: [String] = []
        for check in checks(facts) {
            switch check {
            case .no: return .no
            case .unknown(let names): missing.formUnion(names)
            case .yes(let clauses): reasons += clauses
            }
        }
        return missing.isEmpty ? .yes(reasons) : .unknown(missing)
    }

    /// `maxSize` as a plain selector: nothing known is larger.
    func matchMaximumSize(_ facts: Facts) -> Match {
        guard let maximumSize else { return .yes([]) }
        let sizes = [facts.fileSize, facts.totalSize].compactMap(\.self)
        guard let largest = sizes.max() else { return .unknown(["size"]) }
        guard largest <= maximumSize else { return .no }
        return .yes(["\(ByteText.render(largest)) is at most \(ByteText.render(maximumSize))"])
    }

    private func checks(_ facts: Facts) -> [Match] {
        var checks: [Match] = []
        if !kinds.isEmpty {
            let matches = kinds.contains { $0.rawValue == facts.kind.lowercased() }
            checks.append(matches ? .yes(["it is a \(facts.kind)"]) : .no)
        }
        checks.append(Self.any(repositories, "repository", [facts.repository]))
        checks.append(Self.none(excludedRepositories, "repository", facts.repository))
        checks.append(Self.any(revisions, "revision", Self.revisions(of: facts)))
        checks.append(Self.any(files, "file", facts.file.map { [$0] }))
        checks.append(Self.none(excludedFiles, "file", facts.file))
        checks.append(Self.any(tags, "tag", facts.tags))
        checks.append(Self.any(tasks, "task", facts.task.map { [$0] }))
        checks.append(Self.any(libraries, "library", facts.library.map { [$0] }))
        checks.append(Self.any(languages, "language", facts.languages))
        checks.append(Self.any(authors, "author", [facts.author ?? facts.owner]))
        if let minimumDownloads, minimumDownloads > 0 {
            checks.append(
                Self.number("downloads", facts.downloads) {
                    $0 >= minimumDownloads
                } clause: {
                    "\($0) downloads are at least \(minimumDownloads)"
                })
        }
        if let minimumSize {
            let largest = [facts.fileSize, facts.totalSize].compactMap(\.self).max()
            checks.append(
                Self.number("size", largest) {
                    $0 >= minimumSize
                } clause: {
                    "\(ByteText.render($0)) is at least \(ByteText.render(minimumSize))"
                })
        }
        if let maximumParameters {
            checks.append(
                Self.number("params", facts.parameters) {
                    $0 <= maximumParameters
                } clause: {
                    "\($0) parameters are at most \(maximumParameters)"
                })
        }
        if let updatedWithin { checks.append(Self.recency(facts, within: updatedWithin)) }
        return checks
    }

    private static func revisions(of facts: Facts) -> [String]? {
        let known = [facts.revision, facts.commit].compactMap(\.self)
        return known.isEmpty ? nil : known
    }

    private static func any(_ globs: [Glob], _ name: String, _ values: [String]?) -> Match {
        guard !globs.isEmpty else { return .yes([]) }
        guard let values else { return .unknown([name]) }
        for value in values {
            if let glob = globs.first(where: { $0.matches(value) }) {
                return .yes([glob.pattern == value ? "\(name) is '\(value)'" : "\(name) '\(value)' matches '\(glob)'"])
            }
        }
        return .no
    }

    private static func none(_ globs: [Glob], _ name: String, _ value: String?) -> Match {
        guard !globs.isEmpty else { return .yes([]) }
        guard let value else { return .unknown([name]) }
        return globs.contains { $0.matches(value) } ? .no : .yes([])
    }

    private static func number(
        _ name: String, _ value: Int64?, where condition: (Int64) -> Bool, clause: (Int64) -> String
    ) -> Match {
        guard let value else { return .unknown([name]) }
        return condition(value) ? .yes([clause(value)]) : .no
    }

    private static func recency(_ facts: Facts, within window: Duration) -> Match {
        guard let updatedAt = facts.updatedAt, let now = facts.now else { return .unknown(["updatedAt"]) }
        let age = now.timeIntervalSince(updatedAt)
        return age <= Double(window.components.seconds) ? .yes(["it was updated recently"]) : .no
    }
}
