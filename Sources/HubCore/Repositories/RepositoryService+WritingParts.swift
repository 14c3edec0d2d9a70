extension RepositoryService {
    /// Refuses moves of refs that change what grants on paths and refs keep from the principal; the moves come back marked
    /// as looked at, which ``RepositoryStore/updateRefs(_:of:action:changeLog:head:links:gitBytes:endingReservation:defaultBranch:alongside:)``
    /// wants to see.
    ///
    /// Trees are compared, not commands, so that it is the same for a commit, a copy, a rename, a merge, a squash and a
    /// push. The refs move by compare-and-swap from just what was compared.
    /// - Throws: `.forbidden`, naming the path and the grant.
    func judge(_ updates: [RefUpdate], of repository: Repository) async throws -> [RefUpdate] {
        guard repository.rules.limitsWriting else { return updates }
        let changes = git.changedPaths(in: repository.key)
        for update in updates {
            if let refusal = try await refusal(of: update, by: changes, in: repository) {
                throw HubError(.forbidden, refusal)
            }
        }
        return updates.map(\.judged)
    }

    /// Refuses a draft by the paths it names, before anything is read or built for it.
    func requireWritable(_ draft: CommitDraft, in repository: Repository) throws {
        let rules = repository.rules
        guard rules.limitsWriting, PullRequest.number(of: draft.ref) == nil else { return }
        for operation in draft.operations { try repository.requireWritable(operation.path, on: draft.ref) }
    }

    /// Refuses what reaches beyond single paths and refs to somebody who may not change all of them.
    func requireWhole(_ repository: Repository) throws {
        guard !repository.rules.limitsWriting else {
            throw HubError(.forbidden, "This changes all of \(repository.id), of which you may change a part only.")
        }
    }

    /// Whether the hub may write a file of its own beside what somebody commits.
    func mayWrite(_ path: GitPath, to ref: RefName, of repository: Repository) -> Bool {
        guard repository.rules.limitsWriting, PullRequest.number(of: ref) == nil else { return true }
        let writing = repository.rules.writing(to: ref)
        return writing.refusal == nil && writing.refusal(of: path.names) == nil
    }

    /// What speaks against one move of a ref; nil when nothing does.
    /// - Parameter known: what the repository's refs name, when the move brings commits from outside.
    func refusal(
        of update: RefUpdate, by changes: ChangedPaths, beyond known: [ObjectID]? = nil, in repository: Repository
    ) async throws -> String? {
        // What is only proposed changes nothing; merging it does.
        guard PullRequest.number(of: update.name) == nil else { return nil }
        let writing = repository.rules.writing(to: update.name)
        if let refusal = writing.refusal { return refusal.sentence(about: nil, on: update.name) }
        if !writing.isForceable, let old = update.expected {
            var adds = false
            if let new = update.target { adds = try await changes.isAncestor(old, of: new) }
            guard adds else {
                return "'\(update.name.name)' may be added to and nothing else: "
                    + ContentRefusal(grant: writing.forceDenial?.id).text + "."
            }
        }
        guard writing.dependsOnPaths else { return nil }
        if writing.openings != nil, update.expected == nil {
            return "You may change some paths on branches that are there, and not make '\(update.name.name)'."
        }
        return try await refusal(of: update, writing, by: changes, beyond: known, in: repository)
    }

    private func refusal(
        of update: RefUpdate, _ writing: RefWriting, by changes: ChangedPaths, beyond known: [ObjectID]?,
        in repository: Repository
    ) async throws -> String? {
        func isRefused(_ names: [[UInt8]]) -> Bool { writing.refusal(of: names) != nil }
        func text(_ path: String) -> String {
            (writing.refusal(of: ContentRules.names(path)) ?? ContentRefusal(grant: nil))
                .sentence(about: path, on: update.name)
        }
        var first: String?
        var isSame = false
        for (old, new) in try await comparisons(for: update, by: changes, in: repository) where !isSame {
            let path = try await changes.first(from: old, to: new, where: isRefused)
            isSame = path == nil
            first = first ?? path
        }
        if !isSame, let first { return text(first) }
        // What changes a path and changes it back would leave a commit that anybody could make a branch of.
        if let known, let target = update.target,
            let path = try await changes.first(in: [target], beyond: known, where: isRefused)
        {
            return text(path)
        }
        return nil
    }

    /// What a move is compared with, one of which it has to agree with on all paths that are kept back: the ref as it is;
    /// the default branch, which others have changed and which may be brought into any other; for a new ref, or one that
    /// goes, where it left the default branch.
    private func comparisons(
        for update: RefUpdate, by changes: ChangedPaths, in repository: Repository
    ) async throws -> [(ObjectID?, ObjectID?)] {
        var bases: [ObjectID?] = []
        let side = update.target ?? update.expected
        if let old = update.expected, update.target != nil { bases.append(old) }
        let main = RefName.branch(repository.defaultBranch)
        if update.name != main, let main, let head = try await store.ref(main, of: repository.key)?.target {
            if bases.isEmpty, let side, let fork = try await changes.mergeBase(of: side, and: head) {
                bases.append(fork)
            }
            bases.append(head)
        }
        if bases.isEmpty { bases.append(nil) }
        return bases.map { ($0, side) }
    }
}

extension Repository {
    /// - Throws: `.forbidden` when a path may not be changed on a ref.
    func requireWritable(_ path: GitPath, on ref: RefName) throws {
        guard rules.limitsWriting else { return }
        let writing = rules.writing(to: ref)
        if let refusal = writing.refusal { throw HubError(.forbidden, refusal.sentence(about: nil, on: ref)) }
        if let refusal = writing.refusal(of: path.names) {
            throw HubError(.forbidden, refusal.sentence(about: path.path, on: ref))
        }
    }
}

extension CommitOperation {
    /// What it changes.
    fileprivate var path: GitPath {
        switch self {
        case .write(let path, _), .writeStaged(let path, _), .writeLarge(let path, _, _), .delete(let path),
            .copy(_, _, let path):
            path
        }
    }
}
