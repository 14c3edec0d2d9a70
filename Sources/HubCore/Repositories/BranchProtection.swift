/// What pushes may not do to some branches, whoever pushes.
package struct BranchProtection: Sendable, Hashable {
    /// How far it goes.
    package enum Level: String, Sendable, CaseIterable {
        /// Commits may be added; none may be taken away: no force push, no deletion.
        case history
        /// Nothing at all may be pushed.
        case frozen
    }

    /// A branch's short name, or the beginning of names followed by one `*`.
    package let pattern: String
    package let level: Level

    /// - Throws: `.badRequest` for what is neither a branch's name nor its beginning with a `*`.
    package init(pattern: String, level: Level) throws {
        let stem = pattern.hasSuffix("*") ? String(pattern.dropLast()) + "x" : pattern
        guard RefName.branch(stem) != nil else {
            throw HubError(
                .badRequest, "'\(pattern)' names no branch.",
                remedy: "Write a branch's name, or the beginning of names and one '*' behind it.")
        }
        self.pattern = pattern
        self.level = level
    }

    /// Whether this is about a ref.
    func covers(_ ref: RefName) -> Bool {
        guard ref.isBranch else { return false }
        return pattern.hasSuffix("*") ? ref.shortName.hasPrefix(pattern.dropLast()) : ref.shortName == pattern
    }
}

/// The protections of one repository; of several that cover a branch the strictest counts.
package struct BranchProtections: Sendable, Hashable {
    /// The setting's name.
    static let setting = "protected-branches"

    package var rules: [BranchProtection]

    package init(_ rules: [BranchProtection] = []) {
        self.rules = rules
    }

    /// How a ref is protected; nil when it is not.
    package func level(of ref: RefName) -> BranchProtection.Level? {
        let levels = rules.filter { $0.covers(ref) }.map(\.level)
        return levels.contains(.frozen) ? .frozen : levels.first
    }

    /// - Throws: `.internalError` for a setting that nobody here wrote: what cannot be read must not open a branch.
    init(_ value: JSONValue?) throws {
        rules = []
        guard let value else { return }
        guard case .array(let elements) = value else { throw Self.unreadable }
        for element in elements {
            guard case .string(let pattern)? = element["pattern"], case .string(let word)? = element["level"],
                let level = BranchProtection.Level(rawValue: word)
            else { throw Self.unreadable }
            rules.append(try BranchProtection(pattern: pattern, level: level))
        }
    }

    var json: JSONValue {
        .array(
            rules.map { rule in
                .object([
                    .init(key: "pattern", value: .string(rule.pattern)),
                    .init(key: "level", value: .string(rule.level.rawValue)),
                ])
            })
    }

    private static var unreadable: HubError {
        HubError(.internalError, "The setting '\(setting)' cannot be read.", remedy: "Set the protections again.")
    }
}

extension RepositoryService {
    /// Which branches of a repository are protected.
    package func protections(of repository: Repository) async throws -> BranchProtections {
        try BranchProtections(try await store.setting(BranchProtections.setting, of: repository.key))
    }

    /// Protects branches of a repository; what was protected before and is not named is free again.
    /// - Parameter repository: opened for `.settings`.
    package func protect(_ protections: BranchProtections, of repository: Repository) async throws {
        guard repository.verb == .settings else {
            throw HubError(
                .internalError, "\(repository.id) was opened to \(repository.verb.rawValue), not to settings.")
        }
        guard protections.rules.count <= 100 else {
            throw HubError(.badRequest, "A repository has at most 100 protected branches and patterns.")
        }
        try await store.set(BranchProtections.setting, to: protections.json, of: repository)
    }

    /// Refuses what an interface other than git may not do to a protected branch.
    /// - Throws: `.forbidden`.
    func requireUnprotected(_ ref: RefName, isDeleted: Bool = false, of repository: Repository) async throws {
        switch try await protections(of: repository).level(of: ref) {
        case nil: return
        case .history where !isDeleted: return
        case .history, .frozen: throw HubError(.forbidden, "The branch '\(ref.shortName)' is protected.")
        }
    }
}
