@testable import HubCore

/// Random grants on parts of a world's repositories, and what they cover by a table written by hand.
struct PartWorld {
    static let paths = ["README.md", "data/a", "data/pii/x", "data/b/raw/1", "data/k.key", "labels/l", "sub/README.md"]
    static let covered: [String: Set<String>] = [
        "data/**": ["data/a", "data/pii/x", "data/b/raw/1", "data/k.key"], "data/pii": ["data/pii/x"],
        "data/*/raw/": ["data/b/raw/1"], "**/*.key": ["data/k.key"], "labels/**": ["labels/l"],
        "README.md": ["README.md"], "**/README.md": ["README.md", "sub/README.md"],
        "dat?/[ab]": ["data/a", "data/b/raw/1"],
        "**": Set(paths), "DATA/**": [],
    ]
    static let refs = ["refs/heads/main", "refs/heads/release/1", "refs/tags/v1", "refs/tags/a/b"]
    static let named: [String: Set<String>] = [
        "main": ["refs/heads/main"], "release/*": ["refs/heads/release/1"], "refs/heads/*": ["refs/heads/main"],
        "refs/heads/**": ["refs/heads/main", "refs/heads/release/1"], "refs/tags/*": ["refs/tags/v1"],
    ]

    /// The same world without grants on parts, and with them.
    let plain: AccessWorld
    var parted: AccessWorld
    /// The patterns of each grant on a part, as they were written.
    private(set) var patterns: [Int64: (path: String?, ref: String?)] = [:]

    init(_ random: inout SeededGenerator) {
        plain = AccessWorld(&random)
        parted = plain
        for id in 100..<Int64.random(in: 101...106, using: &random) {
            // Most throws of the dice say nothing that could be said of a part.
            for _ in 0..<6 {
                guard let grant = grant(id, &random) else { continue }
                parted.grants.append(grant)
                break
            }
        }
    }

    /// A grant that the hub would take; nil when the dice made none.
    mutating func grant(_ id: Int64, _ random: inout SeededGenerator) -> AccessGrant? {
        var whole = plain.grant(id, &random)
        // An office says nothing of content, so none is given or taken on a part.
        while case .office = whole.role { whole = plain.grant(id, &random) }
        let isPath = Int.random(in: 0..<4, using: &random) > 0
        let isRef = !isPath || Int.random(in: 0..<4, using: &random) == 0
        let path = isPath ? Self.covered.keys.sorted().randomElement(using: &random) : nil
        let ref = isRef ? Self.named.keys.sorted().randomElement(using: &random) : nil
        guard let part = try? ContentPart(paths: path, refs: ref),
            (try? part.requireMeaning(of: whole.role, whole.effect)) != nil,
            whole.effect == .deny || ![.everyone, .authenticated].contains(whole.subject)
        else { return nil }
        patterns[id] = (path, ref)
        return AccessGrant(
            id: id, subject: whole.subject, scope: whole.scope, role: whole.role, effect: whole.effect,
            expiresAt: whole.expiresAt, sources: whole.sources, part: part)
    }

    // MARK: By the rules as sentences

    func mayRead(_ principal: Principal, _ path: String, _ repository: AccessTarget.RepositoryFacts) -> Bool {
        guard AccessReference(world: plain).outcome(principal, .contentRead, repository) == .allow else { return false }
        return !parts(of: principal, repository).contains { grant in
            grant.effect == .deny && covers(grant, path, nil) && takes(grant, .contentRead)
        }
    }

    func mayWrite(
        _ principal: Principal, _ path: String, _ ref: String, _ repository: AccessTarget.RepositoryFacts
    ) -> Bool {
        let reference = AccessReference(world: plain)
        let parts = parts(of: principal, repository)
        if parts.contains(where: { $0.effect == .deny && covers($0, path, ref) && takes($0, .contentWrite) }) {
            return false
        }
        if reference.outcome(principal, .contentWrite, repository) == .allow { return true }
        guard let scope = principal.token?.scope, scope != .read, reference.reaches(principal, repository),
            !reference.isDenied(principal, .contentWrite, repository),
            reference.outcome(principal, .contentRead, repository) == .allow
        else { return false }
        return parts.contains { $0.effect == .allow && covers($0, path, ref) }
    }

    private func parts(of principal: Principal, _ repository: AccessTarget.RepositoryFacts) -> [AccessGrant] {
        AccessReference(world: parted).grants(principal, repository).filter { patterns[$0.id] != nil }
    }

    private func covers(_ grant: AccessGrant, _ path: String, _ ref: String?) -> Bool {
        guard let pattern = patterns[grant.id] else { return false }
        let fitsPath = pattern.path.map { Self.covered[$0]?.contains(path) == true } ?? true
        guard let named = pattern.ref else { return fitsPath }
        return fitsPath && ref.map { Self.named[named]?.contains($0) == true } ?? false
    }

    private func takes(_ grant: AccessGrant, _ verb: Verb) -> Bool {
        switch grant.role {
        case .standard(let role): role == .reader || role == .writer && verb == .contentWrite
        case .office: false
        case .custom(let role): role.verbs.contains(verb)
        }
    }
}

// MARK: By the engine

extension AccessWorld {
    private func rules(_ principal: Principal, _ repository: AccessTarget.RepositoryFacts, isWhole: Bool)
        -> ContentRules
    {
        AccessRules.rules(
            for: subject(principal), target(repository, for: principal), grants: grants, isWhole: isWhole,
            now: Self.now)
    }

    func mayRead(_ principal: Principal, _ path: String, _ repository: AccessTarget.RepositoryFacts) -> Bool {
        decide(principal, .contentRead, repository).isAllowed
            && rules(principal, repository, isWhole: true).denialOfReading(path) == nil
    }

    func mayWrite(
        _ principal: Principal, _ path: String, _ ref: String, _ repository: AccessTarget.RepositoryFacts
    ) -> Bool {
        let decision = decide(principal, .contentWrite, repository)
        guard decision.isAllowed, let ref = RefName(ref) else { return false }
        let writing = rules(principal, repository, isWhole: decision.allowsWhole).writing(to: ref)
        return writing.refusal == nil && writing.refusal(of: ContentRules.names(path)) == nil
    }
}
