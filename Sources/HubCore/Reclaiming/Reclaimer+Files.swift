import SQL

// Files that the database names: marked when nothing names them, removed when that is still so after the grace.
extension Reclaimer {
    /// Files that one transaction marks or removes: other writers wait for it.
    private static let batch = 16
    private static let marksAtOnce = 256

    /// Marks what nothing names, and takes marks from what something names again.
    func mark(_ files: some ReclaimableFiles) async throws {
        let now = hub.clock.now()
        for prefix in UInt8.min...UInt8.max {
            let found = try await candidates(files, prefix, now: now)
            for start in stride(from: 0, to: found.count, by: Self.marksAtOnce) {
                let part = found[start..<min(start + Self.marksAtOnce, found.count)]
                try await database.write { connection in
                    for mark in part { try mark.insert(in: connection) }
                }
                try await breathe()
            }
            if prefix % 16 == 0 { try await breathe() }
        }
    }

    /// Files of which nothing is known but that they lie there.
    private func candidates(_ files: some ReclaimableFiles, _ prefix: UInt8, now: Int64) async throws -> [ReclaimMark] {
        let stamped = try await hub.blobs.workers.run {
            try files.names(beginningWith: prefix).compactMap { name in
                try files.stamp(of: name).map { stamp in
                    ReclaimMark(kind: files.kind, name: name, bytes: stamp.bytes, stamp: stamp.written, markedAt: now)
                }
            }
        }
        guard !stamped.isEmpty else { return [] }
        return try await database.read { connection in
            try stamped.filter { try !files.isNamed($0.name, now: now, in: connection) }
        }
    }

    /// Removes what was marked long enough ago and is named by nothing still, each batch in one transaction with the
    /// question.
    func sweep(_ files: some ReclaimableFiles, _ report: inout ReclaimReport) async throws {
        let now = hub.clock.now()
        let (grace, isDryRun) = (settings.grace, settings.isDryRun)
        let kind: ReclaimReport.Class = files.kind == .blob ? .blobs : .xorbs
        var last = ""
        while true {
            let after = last
            let marks = try await database.read { connection in
                try ReclaimMark.list(
                    files.kind, markedUntil: .max, after: after, count: Self.batch, in: connection)
            }
            guard let end = marks.last else { return }
            last = end.name
            let judge: @Sendable (any Connection, Bool) throws -> [(ReclaimMark, ReclaimMark.Verdict)] = {
                connection, acts in
                try marks.map { mark in
                    let verdict = mark.verdict(
                        isNamed: try files.isNamed(mark.name, now: now, in: connection),
                        stamp: try files.stamp(of: mark.name)?.written, now: now, grace: grace)
                    guard acts, verdict != .wait else { return (mark, verdict) }
                    if verdict != .spare { try files.remove(mark.name, in: connection) }
                    try mark.delete(in: connection)
                    return (mark, verdict)
                }
            }
            var verdicts = try await database.read { try judge($0, false) }
            // Most batches only wait, and need no write lock.
            if !isDryRun, verdicts.contains(where: { $0.1 != .wait }) {
                verdicts = try await database.write { try judge($0, true) }
            }
            for (mark, verdict) in verdicts {
                switch verdict {
                case .remove: report.remove(kind, bytes: mark.bytes)
                case .wait: report.wait(kind, bytes: mark.bytes)
                case .spare, .forget: break
                }
            }
            try await breathe()
        }
    }

    /// Counts what a run would mark: it would go once its grace has passed, at once when there is none.
    func countUnmarked(_ files: some ReclaimableFiles, _ report: inout ReclaimReport) async throws {
        let now = hub.clock.now()
        let kind: ReclaimReport.Class = files.kind == .blob ? .blobs : .xorbs
        for prefix in UInt8.min...UInt8.max {
            let found = try await candidates(files, prefix, now: now)
            guard !found.isEmpty else { continue }
            let known = try await database.read { connection in
                try Set(
                    found.filter { mark in
                        try connection.first(
                            "SELECT name FROM gc_marks WHERE kind = ? AND name = ?",
                            [.text(mark.kind.rawValue), .text(mark.name)]) != nil
                    }.map(\.name))
            }
            for mark in found where !known.contains(mark.name) {
                if settings.grace <= 0 {
                    report.remove(kind, bytes: mark.bytes)
                } else {
                    report.wait(kind, bytes: mark.bytes)
                }
            }
        }
    }
}
