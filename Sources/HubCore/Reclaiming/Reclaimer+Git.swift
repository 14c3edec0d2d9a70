import Foundation
import SQL

extension Reclaimer {
    /// Removes half received packs and half removed repositories of processes that have ended.
    func removeGitLeftovers(_ report: inout ReclaimReport) async throws {
        let folders = [hub.git.incomingDirectory, hub.git.trashDirectory, hub.git.answersDirectory]
        let isDryRun = settings.isDryRun
        let removed = try await hub.git.onThread {
            var removed = ReclaimReport.Amount()
            for path in Leftovers.ofDeadProcesses(in: folders) {
                removed.add(1, bytes: Self.bytes(below: path))
                if !isDryRun { try FileManager.default.removeItem(atPath: path) }
            }
            return removed
        }
        report.remove(.gitFiles, removed.count, bytes: removed.bytes)
    }

    /// Removes the git folders of repositories that were removed, whose own removal was cut short.
    func removeOrphans(_ report: inout ReclaimReport) async throws {
        for prefix in UInt8.min...UInt8.max {
            let directory = "\(hub.git.root)/\(Hexadecimal.encode([prefix]))"
            let limit = Date().addingTimeInterval(-Double(settings.leftoverGrace) / 1_000)
            let found = try await hub.git.onThread {
                try PosixFile.names(in: directory).flatMap { leaf in
                    try PosixFile.names(in: "\(directory)/\(leaf)").compactMap { name -> Int64? in
                        guard name.hasSuffix(".git"), let key = Int64(name.dropLast(4)),
                            // The row comes before the folder, but a younger one is not worth the doubt.
                            let made = try PosixFile.modificationTime(of: "\(directory)/\(leaf)/\(name)"), made < limit
                        else { return nil }
                        return key
                    }
                }
            }
            guard !found.isEmpty else { continue }
            let orphans = try await database.read { connection in
                try found.filter { key in
                    try connection.first("SELECT id FROM repositories WHERE id = ?", [.integer(key)]) == nil
                }
            }
            for key in orphans {
                let path = hub.git.directory(of: key)
                report.remove(.repositories, bytes: try await hub.git.onThread { Self.bytes(below: path) })
                if !settings.isDryRun { try await hub.git.remove(key) }
            }
            try await breathe()
        }
    }

    /// Looks after every repository that has a folder here.
    /// - Parameter prunes: whether objects may be taken away.
    func upkeep(prunes: Bool, _ report: inout ReclaimReport) async throws {
        let repositories = try await hub.store.everyRepository()
        for record in repositories {
            try Task.checkCancellation()
            guard await hub.git.exists(record.key) else { continue }
            do {
                // A mirror's refs tell less than it has: any commit that was ever asked for is kept for its readers.
                let roots = prunes && record.origin == .local ? try await roots(of: record) : nil
                let upkeep = try await hub.git.upkeep(
                    record.key, roots: roots, settings: settings, now: hub.clock.now())
                report.remove(.gitObjects, upkeep.removed.count, bytes: upkeep.removed.bytes)
                report.wait(.gitObjects, upkeep.waiting.count, bytes: upkeep.waiting.bytes)
                report.remove(.gitFiles, upkeep.abandoned.count, bytes: upkeep.abandoned.bytes)
                if upkeep.isConsolidated { report.consolidated += 1 }
                if upkeep.isBusy { report.skipped += 1 }
            } catch let error as CancellationError {
                throw error
            } catch {
                report.skipped += 1
                let text = (error as? HubError)?.line ?? "\(error)"
                report.problems.append("\(record.id): \(text)")
            }
            try await breathe()
        }
    }

    /// What the database names in a repository: its refs, the commits that its discussions show, and pinned ones.
    private func roots(of record: RepositoryRecord) async throws -> [ObjectID] {
        let key = record.key
        var roots = Set(try await hub.store.refs(of: key).map(\.target))
        let shown = try await database.read { connection in
            try connection.query(
                "SELECT base_commit, merge_commit FROM discussions WHERE repository_id = ?", [.integer(key)]
            ).flatMap { row in
                [try row.optionalText("base_commit"), try row.optionalText("merge_commit")].compactMap { hex in
                    hex.flatMap { ObjectID($0) }
                }
            }
        }
        // A ref must be whole; a discussion may be older than what it tells of.
        for commit in Set(shown) where try await hub.git.contains(commit, in: key) { roots.insert(commit) }
        let pins = try await hub.pins.pins(of: record.id)
        roots.formUnion(try await PinnedContent(store: hub.store, git: hub.git).commits(of: pins, in: key))
        return Array(roots)
    }

    /// Bytes that the files below a folder take. Blocks.
    private static func bytes(below path: String) -> Int64 {
        guard let walk = FileManager.default.enumerator(atPath: path) else { return 0 }
        var sum: Int64 = 0
        for case let name as String in walk { sum += (try? PosixFile.blocks(of: "\(path)/\(name)")) ?? 0 }
        return sum
    }
}
