import CGit2

extension GitRepository {
    /// Compares two commits' trees; nothing with the newer one where there is no older one.
    ///
    /// Files whose contents moved unchanged are renamed; likeness is not looked for, which would read every file.
    /// - Parameter isReadable: whether a path may be told of.
    /// - Throws: `revision-not-found`.
    func difference(
        from old: CommitID?, to new: CommitID, limits: TreeDifference.Limits, isReadable: (String) -> Bool
    ) throws -> TreeDifference {
        let before = try old.map { try tree(requireCommit($0).tree) }
        defer { before.map(git_tree_free) }
        let after = try tree(requireCommit(new).tree)
        defer { git_tree_free(after) }
        var options = git_diff_options()
        try GitLibrary.check(
            git_diff_options_init(&options, UInt32(GIT_DIFF_OPTIONS_VERSION)), "prepare a comparison")
        options.context_lines = 3
        options.max_size = git_off_t(limits.fileBytes)
        var diff: OpaquePointer?
        try GitLibrary.check(
            git_diff_tree_to_tree(&diff, repository, before, after, &options), "compare two trees")
        guard let diff else { return TreeDifference() }
        defer { git_diff_free(diff) }
        var finding = git_diff_find_options()
        try GitLibrary.check(
            git_diff_find_options_init(&finding, UInt32(GIT_DIFF_FIND_OPTIONS_VERSION)), "look for renames")
        finding.flags = UInt32(GIT_DIFF_FIND_RENAMES.rawValue | GIT_DIFF_FIND_EXACT_MATCH_ONLY.rawValue)
        try GitLibrary.check(git_diff_find_similar(diff, &finding), "look for renames")
        var result = TreeDifference()
        var lines = limits.lines
        for index in 0..<git_diff_num_deltas(diff) {
            guard let delta = git_diff_get_delta(diff, index)?.pointee, delta.status != GIT_DELTA_UNMODIFIED
            else { continue }
            var file = try file(delta)
            guard isReadable(file.path), isReadable(file.oldPath) else { continue }
            result.count += 1
            guard result.files.count < limits.files else { continue }
            try fill(&file, diff, index, limits, budget: &lines)
            result.files.append(file)
        }
        return result
    }

    private func file(_ delta: git_diff_delta) throws -> TreeDifference.File {
        let change: TreeDifference.File.Change =
            switch delta.status {
            case GIT_DELTA_ADDED: .added
            case GIT_DELTA_DELETED: .removed
            case GIT_DELTA_RENAMED: .renamed
            default: .modified
            }
        let old = change == .added ? nil : delta.old_file
        let new = change == .removed ? nil : delta.new_file
        let newPath = delta.new_file.path.map { String(cString: $0) } ?? ""
        let oldPath = delta.old_file.path.map { String(cString: $0) } ?? newPath
        let (before, after) = (try old.map(facts), try new.map(facts))
        return TreeDifference.File(
            path: change == .removed ? oldPath : newPath, oldPath: change == .added ? newPath : oldPath, change: change,
            oldMode: Int(old?.mode ?? 0), newMode: Int(new?.mode ?? 0), oldSize: before?.size ?? 0,
            newSize: after?.size ?? 0, oldPointer: before?.lfs, newPointer: after?.lfs)
    }

    private func facts(_ file: git_diff_file) throws -> BlobFacts {
        let id = ObjectID(file.id)
        guard UInt32(file.mode) != GIT_FILEMODE_COMMIT.rawValue, let header = try header(of: id) else {
            return BlobFacts(size: 0, lfs: nil)
        }
        var facts = BlobFacts(size: Int64(header.size), lfs: nil)
        if UInt32(file.mode) != GIT_FILEMODE_LINK.rawValue,
            (LFSPointer.minimumByteCount..<LFSPointer.maximumByteCount).contains(header.size),
            let blob = try read(id)
        {
            facts.lfs = LFSPointer(parsing: blob.bytes)
        }
        return facts
    }

    private func fill(
        _ file: inout TreeDifference.File, _ diff: OpaquePointer, _ index: Int, _ limits: TreeDifference.Limits,
        budget: inout Int
    ) throws {
        if file.oldPointer != nil || file.newPointer != nil { return }
        guard max(file.oldSize, file.newSize) <= limits.fileBytes else { return file.omission = .tooLarge }
        guard budget > 0 else { return file.omission = .budget }
        var patch: OpaquePointer?
        try GitLibrary.check(git_patch_from_diff(&patch, diff, index), "compare '\(file.path)'")
        defer { git_patch_free(patch) }
        guard let patch else {
            // Unchanged content, or none to speak of.
            if git_diff_get_delta(diff, index)?.pointee.flags ?? 0 & UInt32(GIT_DIFF_FLAG_BINARY.rawValue) != 0 {
                file.omission = .binary
            }
            return
        }
        if git_patch_get_delta(patch).pointee.flags & UInt32(GIT_DIFF_FLAG_BINARY.rawValue) != 0 {
            return file.omission = .binary
        }
        var (context, added, removed) = (0, 0, 0)
        _ = git_patch_line_stats(&context, &added, &removed, patch)
        (file.additions, file.deletions) = (added, removed)
        guard context + added + removed <= limits.linesOfFile else { return file.omission = .tooLarge }
        guard context + added + removed <= budget else { return file.omission = .budget }
        budget -= context + added + removed
        for number in 0..<git_patch_num_hunks(patch) {
            if let hunk = hunk(number, of: patch, limits) { file.hunks.append(hunk) }
        }
    }

    private func hunk(_ number: Int, of patch: OpaquePointer, _ limits: TreeDifference.Limits) -> TreeDifference.Hunk? {
        var raw: UnsafePointer<git_diff_hunk>?
        var count = 0
        guard git_patch_get_hunk(&raw, &count, patch, number) == 0, let found = raw?.pointee else { return nil }
        var hunk = TreeDifference.Hunk(
            oldStart: Int(found.old_start), oldCount: Int(found.old_lines), newStart: Int(found.new_start),
            newCount: Int(found.new_lines), heading: Self.heading(found))
        for index in 0..<count {
            var line: UnsafePointer<git_diff_line>?
            guard git_patch_get_line_in_hunk(&line, patch, number, index) == 0, let line = line?.pointee else {
                continue
            }
            let kind: TreeDifference.Line.Kind
            switch UInt8(bitPattern: line.origin) {
            case UInt8(ascii: " "): kind = .context
            case UInt8(ascii: "+"): kind = .added
            case UInt8(ascii: "-"): kind = .removed
            default:
                // A remark that the line before it ends the file without a line feed.
                if !hunk.lines.isEmpty { hunk.lines[hunk.lines.count - 1].lacksLineFeed = true }
                continue
            }
            hunk.lines.append(
                TreeDifference.Line(
                    kind: kind, text: Self.text(line, limits.lineLength),
                    old: line.old_lineno < 0 ? nil : Int(line.old_lineno),
                    new: line.new_lineno < 0 ? nil : Int(line.new_lineno)))
        }
        return hunk
    }

    private static func text(_ line: git_diff_line, _ limit: Int) -> String {
        guard let content = line.content else { return "" }
        var bytes = UnsafeRawBufferPointer(start: content, count: line.content_len)[...]
        if bytes.last == UInt8(ascii: "\n") { bytes = bytes.dropLast() }
        if bytes.last == UInt8(ascii: "\r") { bytes = bytes.dropLast() }
        let isCut = bytes.count > limit
        return String(decoding: bytes.prefix(limit), as: UTF8.self) + (isCut ? "…" : "")
    }

    /// `@@ -1,2 +1,3 @@ func demo()`
    private static func heading(_ hunk: git_diff_hunk) -> String {
        let text = withUnsafeBytes(of: hunk.header) { raw in
            String(decoding: raw.prefix(max(0, min(hunk.header_len, raw.count))), as: UTF8.self)
        }
        let parts = text.split(separator: "@@", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3 else { return "" }
        return parts[2].split(whereSeparator: \.isNewline).first.map { String($0.drop { $0 == " " }) } ?? ""
    }
}

extension GitStore {
    /// Compares two stored commits' trees.
    /// - Throws: `revision-not-found`.
    package func difference(
        from old: CommitID?, to new: CommitID, in key: Int64, limits: TreeDifference.Limits,
        isReadable: @escaping @Sendable (String) -> Bool
    ) async throws -> TreeDifference {
        try await withRepository(key) {
            try $0.difference(from: old, to: new, limits: limits, isReadable: isReadable)
        }
    }
}
