import SQL

/// Compares the whole log with itself, with every checkpoint, and with the tables that it tells of.
package struct TransparencyAudit: Sendable {
    private let log: TransparencyLog

    package init(_ log: TransparencyLog) { self.log = log }

    /// Reads everything, a page at a time; the tables are read once more at the end.
    /// - Throws: `HubError` or `DatabaseError` when something cannot be read at all.
    package func run(_ witness: TransparencyWitness = TransparencyWitness()) async throws -> TransparencyReport {
        var report = TransparencyReport()
        let end = try await log.size()
        let marks = try await checkpoints(witness, &report)
        var frontier = MerkleFrontier()
        var tables = TransparencyTables()
        var nextMark = marks.startIndex
        func compare() {
            while nextMark < marks.endIndex, marks[nextMark].size <= frontier.size {
                let mark = marks[nextMark]
                if mark.size < 0 || mark.size == frontier.size && mark.root != frontier.root {
                    report.note(
                        "\(mark.name) says of the first \(mark.size) entries \(mark.root.hex), the log "
                            + "\(frontier.root.hex): entries were changed, removed or shown differently.")
                }
                nextMark += 1
            }
        }
        compare()
        while frontier.size < end {
            let page = try await log.entries(from: frontier.size, to: end)
            for entry in page {
                guard entry.index == frontier.size else { break }
                Self.check(entry, &frontier, &report)
                tables.take(entry, &report)
                compare()
            }
            try await compareAudit(&tables, &report)
            guard page.last.map({ $0.index + 1 == frontier.size }) ?? false else {
                report.note("The log's entry \(frontier.size) is missing.")
                break
            }
        }
        for mark in marks[nextMark...] {
            report.note("\(mark.name) is of \(mark.size) entries, the log has \(frontier.size): it was cut.")
        }
        report.size = frontier.size
        report.root = frontier.root
        try await compareTables(tables, after: end, &report)
        return report
    }

    // MARK: The tree

    private static func check(
        _ entry: TransparencyEntry, _ frontier: inout MerkleFrontier, _ r: inout TransparencyReport
    ) {
        let hash = MerkleHash(leaf: Array(entry.text.utf8))
        if hash.hex != entry.hash { r.note("The log's entry \(entry.index) is not what was hashed.") }
        let nodes = frontier.append(hash)
        if nodes.map(\.hex).joined() != entry.nodes {
            r.note("The log's tree does not fit its entries at entry \(entry.index).")
        }
        let content = entry.content
        guard content?["kind"]?.string == entry.kind, content?["at"] == .integer(entry.at),
            content?["repository"] == (entry.repository.map { .integer($0) } ?? .null)
        else {
            r.note("The log's entry \(entry.index) says something else than its row.")
            return
        }
    }

    // MARK: Checkpoints

    private struct Mark: Sendable {
        let name: String
        let size: Int64
        let root: MerkleHash
    }

    /// Every checkpoint that is properly signed, by size.
    private func checkpoints(_ witness: TransparencyWitness, _ report: inout TransparencyReport) async throws -> [Mark]
    {
        let origin = try? await log.origin()
        if origin == nil { report.note("The log has no name.") }
        var keys = try log.keys.publicKeys()
        if !witness.keys.isEmpty {
            keys = []
            for text in witness.keys {
                let (name, key) = try TransparencyCheckpoint.key(verifier: text)
                if name != origin {
                    report.note("The key given is of the log \(name), this log is \(origin ?? "unnamed").")
                }
                keys.append(key)
            }
        }
        var marks: [Mark] = []
        func take(_ checkpoint: TransparencyCheckpoint, _ name: String) {
            if checkpoint.origin != origin {
                report.note("\(name) is of another log, \(checkpoint.origin.onOneLine).")
            } else if checkpoint.signer(among: keys) == nil {
                report.note("\(name) is not signed with a key of this log.")
            }
            marks.append(Mark(name: name, size: checkpoint.size, root: checkpoint.root))
        }
        var expected: Int64 = 1
        var size: Int64 = 0
        while true {
            let start = expected
            let page = try await log.database.read { connection in
                try connection.query(
                    "SELECT * FROM transparency_checkpoints WHERE id >= ? ORDER BY id LIMIT 1000", [.integer(start)]
                ).map(StoredCheckpoint.init)
            }
            for stored in page {
                let name = "The stored checkpoint \(stored.id)"
                if stored.id != expected { report.note("The stored checkpoint \(expected) is missing.") }
                expected = stored.id &+ 1
                guard let checkpoint = try? TransparencyCheckpoint(note: stored.note), checkpoint.note == stored.note
                else {
                    report.note("\(name) is damaged.")
                    continue
                }
                if checkpoint.size != stored.size || checkpoint.root.hex != stored.root {
                    report.note("\(name) says something else than its row.")
                }
                if checkpoint.size < size { report.note("\(name) is of fewer entries than the one before.") }
                size = max(size, checkpoint.size)
                take(checkpoint, name)
            }
            if page.count < 1_000 { break }
        }
        for (number, checkpoint) in witness.checkpoints.enumerated() {
            take(checkpoint, "The checkpoint given (\(number + 1))")
        }
        report.checkpoints = marks.count
        return marks.sorted { $0.size < $1.size }
    }

    // MARK: Tables

    /// Compares audit records with the leaves of the last page.
    private func compareAudit(_ tables: inout TransparencyTables, _ report: inout TransparencyReport) async throws {
        let leaves = tables.audit
        tables.audit = []
        guard let first = leaves.first, let last = leaves.last else { return }
        let records = try await log.database.read { connection in
            var hashes: [Int64: String] = [:]
            try connection.forEach(
                "SELECT seq, hash FROM audit WHERE seq >= ? AND seq <= ?",
                [.integer(first.sequence), .integer(last.sequence)]
            ) { row in
                hashes[try row.integer("seq")] = try row.text("hash")
                return true
            }
            return hashes
        }
        for leaf in leaves where records[leaf.sequence] != leaf.hash {
            report.note(
                "The audit record \(leaf.sequence) is not what the log's entry \(leaf.index) says, or is missing.")
        }
    }

    /// Compares provenance records, refs and the end of the audit log.
    private func compareTables(_ tables: TransparencyTables, after end: Int64, _ report: inout TransparencyReport)
        async throws
    {
        let known = report
        report = try await log.database.read { connection in
            var report = known
            var tables = tables
            // What was appended while the rest was read.
            var next = end
            try connection.forEach(
                "SELECT * FROM transparency_leaves WHERE seq >= ? ORDER BY seq", [.integer(end)]
            ) { row in
                let entry = try TransparencyEntry(row)
                guard entry.index == next else { return false }
                next += 1
                tables.take(entry, &report)
                return true
            }
            try tables.compare(in: connection, &report)
            return report
        }
    }
}
