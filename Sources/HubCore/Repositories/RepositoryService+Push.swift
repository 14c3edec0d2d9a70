extension RepositoryService {
    /// How often refs are moved again because some of them moved meanwhile.
    private static let maximumAttempts = 8
    /// Above this many refs with something to refuse, all are refused for it rather than each looked at.
    private static let refsLookedAtAlone = 32

    /// The refs that a client of git is offered when it pushes.
    /// - Parameter repository: opened for `.contentWrite`.
    package func refsToPush(to repository: Repository) async throws -> [Ref] {
        try requireWrite(repository)
        try requireWholeReading(repository)
        return try await store.refs(of: repository.key).filter { PushPlan.isOffered($0.name) }
    }

    /// Takes in a push: the pack is checked in quarantine, each ref decided on by itself, and what is left moves in one
    /// transaction, objects durable first. A crash at any moment leaves no ref without its objects.
    /// - Parameters:
    ///   - pack: what follows the commands; not read when no ref may move.
    ///   - repository: opened for `.contentWrite`.
    /// - Throws: `HubError` when nothing of the push could be taken: a damaged or too large pack, a full disk or account.
    package func push(
        _ request: ReceivePackRequest, pack: some AsyncSequence<[UInt8], any Error> & Sendable,
        to repository: Repository, limits: PushLimits = PushLimits()
    ) async throws -> ReceivePackReport {
        try requireWrite(repository)
        // Objects of paths that are kept from somebody could be given other names, if he knew their ids.
        try requireWholeReading(repository)
        return try await store.quotas.holding(for: repository, slack: Self.unreservedBytes) { hold in
            let report = try await push(request, pack: pack, to: repository, limits: limits, holding: hold)
            // Nothing of it is held when no ref moved.
            await hold.release()
            return report
        }
    }

    private func push(
        _ request: ReceivePackRequest, pack: some AsyncSequence<[UInt8], any Error> & Sendable,
        to repository: Repository, limits: PushLimits, holding hold: QuotaHold
    ) async throws -> ReceivePackReport {
        try await git.create(repository.key)
        let refs = try await store.refs(of: repository.key)
        var push = Push(
            plan: PushPlan(
                request, refs: refs, defaultBranch: repository.defaultBranch,
                protections: try await protections(of: repository)),
            limits: limits, known: refs.map(\.target))
        try await judgeRemovals(&push.plan, of: repository)
        if !push.plan.arrivals.isEmpty {
            let covered = CoveredChunks(base: pack, hold: hold)
            push = try await git.receive(
                in: repository.key, limits: limits.pack, for: repository.principal.share, pack: covered
            ) {
                [push] objects, size in
                var push = push
                push.packBytes = size
                try await verify(&push, objects, of: repository)
                return (push, !push.plan.arrivals.isEmpty)
            }
            push.reservation = await hold.reservation
        }
        let isEmpty = !refs.contains { $0.name.isBranch }
        try await apply(&push, isEmpty: isEmpty, to: repository)
        return ReceivePackReport(
            outcomes: push.plan.items.map { .init(name: $0.command.name, refusal: $0.refusal) },
            remarks: push.remarks)
    }

    /// A push on its way.
    private struct Push: Sendable {
        var plan: PushPlan
        let limits: PushLimits
        /// What the repository's refs name.
        let known: [ObjectID]
        var links: [BlobLink] = []
        var remarks: [String] = []
        /// Bytes of the pack that came.
        var packBytes: Int64 = 0
        /// What was set aside for them.
        var reservation: String?
    }

    /// What is wrong with what a ref brings.
    private struct Fault: Error {
        var reason: String
        var remarks: [String] = []
    }

    // MARK: Objects

    /// What grants on paths and refs say against the removal of refs.
    private func judgeRemovals(_ plan: inout PushPlan, of repository: Repository) async throws {
        guard repository.rules.limitsWriting else { return }
        let changes = git.changedPaths(in: repository.key)
        for index in plan.items.indices {
            guard let update = plan.items[index].update, update.target == nil else { continue }
            if let reason = try await refusal(of: update, by: changes, in: repository) { plan.refuse(index, reason) }
        }
    }

    /// The same against what refs shall be.
    private func judgeArrivals(_ push: inout Push, _ objects: PushedObjects, of repository: Repository) async throws {
        guard repository.rules.limitsWriting else { return }
        for index in push.plan.arrivals {
            guard let update = push.plan.items[index].update else { continue }
            let reason = try await refusal(
                of: update, by: objects.changedPaths, beyond: push.known, in: repository)
            if let reason { push.plan.refuse(index, reason) }
        }
    }

    private func verify(_ push: inout Push, _ objects: PushedObjects, of repository: Repository) async throws {
        let tips = try await objects.tips(push.plan.arrivals.compactMap { push.plan.items[$0].command.new })
        for index in push.plan.arrivals {
            let item = push.plan.items[index]
            guard let target = item.command.new, let tip = tips[target] else {
                push.plan.refuse(index, "missing necessary objects, or no commit")
                continue
            }
            if item.ref?.isBranch == true, tip.peeled != nil {
                push.plan.refuse(index, "a branch must name a commit")
                continue
            }
            push.plan.set(peeled: tip.peeled, of: index)
        }
        let whole = push.plan.arrivals
        do {
            push.links = try await links(of: whole, in: push, objects, repository)
        } catch let fault as Fault {
            push.remarks += fault.remarks
            for index in whole {
                do {
                    guard whole.count > 1, whole.count <= Self.refsLookedAtAlone else { throw fault }
                    push.links += try await links(of: [index], in: push, objects, repository)
                } catch let own as Fault {
                    push.plan.refuse(index, own.reason)
                }
            }
        }
        try await judgeArrivals(&push, objects, of: repository)
        for index in push.plan.arrivals where push.plan.items[index].mustAdvance {
            let command = push.plan.items[index].command
            guard let old = command.old, let new = command.new else { continue }
            if try await !objects.isAncestor(old, of: new) {
                push.plan.refuse(index, "protected branch: it may not be forced to another history")
            }
        }
    }

    /// The blobs that some refs bring, all of which are here.
    private func links(
        of indices: [Int], in push: Push, _ objects: PushedObjects, _ repository: Repository
    ) async throws -> [BlobLink] {
        let targets = indices.compactMap { push.plan.items[$0].command.new }
        let contents: PushedContents
        let burials = try await store.burials.current().index
        do {
            contents = try await objects.contents(
                of: targets, beyond: push.known, largest: push.limits.largestFile,
                watching: Set(burials.buriedObjects))
        } catch let error as HubError where error.code == .unprocessable {
            throw Fault(reason: error.message)
        }
        if let file = contents.watched, let tombstone = burials.tombstone(of: file.blob) {
            throw Fault(reason: "'\(file.path)' is buried", remarks: [tombstone.refusal.line])
        }
        if let file = contents.largeFiles.first {
            throw Fault(
                reason: "'\(file.path)' is too large for git itself, use git lfs", remarks: remarks(contents, push))
        }
        for index in indices {
            let item = push.plan.items[index]
            if let commit = item.peeled ?? item.command.new,
                try await objects.hasMoreEntries(commit, than: push.limits.maximumEntries)
            {
                throw Fault(reason: "more than \(push.limits.maximumEntries) files and folders")
            }
        }
        return try await links(to: contents.pointers, in: repository)
    }

    private func remarks(_ contents: PushedContents, _ push: Push) -> [String] {
        contents.largeFiles.map { file in
            "'\(file.path)' has \(file.size) bytes; git itself takes files of at most \(push.limits.largestFile)."
        } + [
            "Large files belong in git lfs: 'git lfs migrate import --above=\(push.limits.largestFile >> 20)MB', then push again."
        ]
    }

    /// Only a blob that was uploaded to this repository may be named by its commits: knowing its digest does not (S13).
    private func links(
        to pointers: [PushedContents.Pointer], in repository: Repository
    ) async throws -> [BlobLink] {
        let known = try await store.links(to: pointers.map(\.pointer.oid), of: repository.key)
        let burials = try await store.burials.current().index
        if let found = pointers.first(where: { burials.tombstone(of: $0.pointer.oid) != nil }),
            let tombstone = burials.tombstone(of: found.pointer.oid)
        {
            throw Fault(reason: "'\(found.path)' is buried", remarks: [tombstone.refusal.line])
        }
        var links: [BlobLink] = []
        var missing: [PushedContents.Pointer] = []
        for found in pointers {
            let oid = found.pointer.oid
            if known[oid]?.pointer.size == found.pointer.size, try await blobs.size(of: oid) == found.pointer.size,
                try await store.isProved(oid, for: repository)
            {
                links.append(BlobLink(pointer: found.pointer, commit: found.commit, path: found.path))
            } else {
                missing.append(found)
            }
        }
        guard let first = missing.first else { return links }
        throw Fault(
            reason: "the LFS object of '\(first.path)' is missing",
            remarks: missing.prefix(10).map {
                "'\($0.path)' names the LFS object \($0.pointer.oid.hex), which was not uploaded to \(repository.id)."
            } + ["Upload what is missing with 'git lfs push --all', then push again."])
    }

    // MARK: Refs

    private func apply(_ push: inout Push, isEmpty: Bool, to repository: Repository) async throws {
        for _ in 0..<Self.maximumAttempts {
            // Each has been judged by itself, as it came.
            let updates = push.plan.updates.map(\.judged)
            guard !updates.isEmpty else { return }
            let defaultBranch = isEmpty ? Self.firstBranch(of: updates, instead: repository.defaultBranch) : nil
            let head = RefName.branch(defaultBranch ?? repository.defaultBranch)
            var facts: HeadFacts?
            var title = ""
            if let commit = updates.first(where: { $0.name == head })?.target {
                facts = try await headFacts(of: commit, in: repository)
                title = try await git.commit(commit, in: repository.key)?.title ?? ""
            }
            do {
                try await git.makeDurable(repository.key, entry: store.identifiers.next()) {
                    [push, facts, title] journal in
                    try await store.updateRefs(
                        updates, of: repository, action: "git.push", changeLog: title, head: facts, links: push.links,
                        gitBytes: push.packBytes, endingReservation: push.reservation, defaultBranch: defaultBranch,
                        alongside: journal)
                }
                if let defaultBranch { push.remarks.append("The default branch is '\(defaultBranch)' now.") }
                return
            } catch let error as HubError where error.code == .preconditionFailed || error.code == .conflict {
                _ = push.plan.refuseMoved(try await store.refs(of: repository.key))
            }
        }
        throw HubError(.conflict, "The refs of \(repository.id) move too fast.", status: 503, retryAfter: 1)
    }

    /// The branch that becomes the default one of a repository that had none; nil when that is pushed itself.
    private static func firstBranch(of updates: [RefUpdate], instead current: String) -> String? {
        let names = updates.filter { $0.target != nil && $0.name.isBranch }.map(\.name.shortName)
        guard !names.contains(current) else { return nil }
        return ["main", "master"].first(where: names.contains) ?? names.first
    }
}
