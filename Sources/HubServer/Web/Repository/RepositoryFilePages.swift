import HTTPTypes
import HubCore
import MirrorGateway
import WebPages

/// Folders and files.
struct RepositoryFilePages: Sendable {
    let web: WebContext

    private static let largestText: Int64 = 1 << 20
    private static let largestPicture: Int64 = 32 << 20
    /// Entries of a revision that totals and the search look at.
    private static let counted = 60_000
    private static let found = 200

    // MARK: Folders

    @Sendable func tree(_ scene: RepositoryScene, _ request: HubRequest, _ context: PageContext) async throws -> Page {
        let target = try RevisionPath(request)
        let path = target.path.split(separator: "/").joined(separator: "/")
        let snapshot: Snapshot
        do {
            snapshot = try await scene.snapshot(at: target.revision)
        } catch let error as HubError where error.code == .revisionNotFound {
            guard scene.isEmpty else { throw error }
            return EmptyFilesPage(header: scene.header, cloneURL: scene.cloneURL(context)).page(context)
        }
        let place = try await scene.place(snapshot, target.revision)
        var scene = scene
        let (totals, files) = try await totals(&scene, snapshot)
        if let search = request.query.first("q"), !search.isEmpty {
            return try await result(of: search, files, scene, snapshot, place, totals, context)
        }
        let listed = try await scene.repositories.list(path, in: snapshot, recursive: false)
        let entries = listed.filter { $0.kind == .directory } + listed.filter { $0.kind != .directory }
        let offset = try request.query.integer("offset", in: 0...10_000_000) ?? 0
        let shown = Array(entries.dropFirst(offset).prefix(FilesPage.pageSize))
        let (repositories, folder) = (scene.repositories, path)
        let commits =
            await within(.seconds(3)) {
                try await repositories.storedLastCommits(of: folder.isEmpty ? nil : folder, in: snapshot)
            } ?? [:]
        let states = try await scene.states(of: shown, in: snapshot)
        return FilesPage(
            header: scene.header, place: place, path: path,
            rows: shown.map { row($0, states[$0.path], commits[$0.path]) }, offset: offset, total: entries.count,
            totals: totals, lastCommit: try await lastCommit(path, commits, scene, snapshot),
            notices: scene.notices(snapshot, context),
            readme: try await readme(entries, path, scene, snapshot, target.revision, context)
        ).page(context)
    }

    private func row(_ entry: TreeEntry, _ state: FileState?, _ commit: CommitInfo?) -> FilesPage.Row {
        let kind: FilesPage.Row.Kind =
            switch entry.kind {
            case .directory: .folder
            case .submodule: .submodule
            case .symlink: .link
            case .file, .executable: .file
            }
        let hasSize = kind == .file || kind == .link
        return FilesPage.Row(
            path: entry.path, kind: kind, size: hasSize && entry.contentSize >= 0 ? entry.contentSize : nil,
            isLFS: entry.lfs != nil, state: state, commit: commit.map { CommitSummary($0) })
    }

    private func totals(_ scene: inout RepositoryScene, _ snapshot: Snapshot) async throws
        -> (FilesPage.Totals?, [TreeEntry])
    {
        let (contents, isWhole) = try await scene.repositories.overview(of: snapshot, limit: Self.counted)
        guard isWhole else { return (nil, contents.files) }
        let large = contents.files.compactMap(\.lfs?.oid)
        let here = try await web.gateway.hub.store.verifiedTimes(of: large, in: scene.repository)
        let size = contents.totalSize
        if snapshot.commit.hex == scene.header.commit { scene.header.totalSize = size }
        return (
            FilesPage.Totals(
                size: size, files: contents.files.count, largeFiles: large.count,
                largeHere: large.count { here[$0] != nil }),
            contents.files
        )
    }

    /// The newest of those that touched what is in a folder.
    private func lastCommit(
        _ path: String, _ commits: [String: CommitInfo], _ scene: RepositoryScene, _ snapshot: Snapshot
    ) async throws -> CommitSummary? {
        if path.isEmpty { return CommitSummary(try await scene.repositories.commit(of: snapshot)) }
        return commits.values.max { $0.committer.seconds < $1.committer.seconds }.map { CommitSummary($0) }
    }

    private func readme(
        _ entries: [TreeEntry], _ folder: String, _ scene: RepositoryScene, _ snapshot: Snapshot, _ revision: String,
        _ context: PageContext
    ) async throws -> HTML? {
        // The card says what is at the root.
        guard !folder.isEmpty, let entry = entries.first(where: { $0.name.lowercased() == "readme.md" }),
            entry.lfs == nil, try await scene.mayReadContent(),
            let bytes = try await scene.bytes(of: entry, in: snapshot, limit: Self.largestText)
        else { return nil }
        return scene.markdown(String(decoding: bytes, as: UTF8.self), in: folder, revision: revision, context).html
    }

    private func result(
        of search: String, _ files: [TreeEntry], _ scene: RepositoryScene, _ snapshot: Snapshot,
        _ place: RevisionPlace, _ totals: FilesPage.Totals?, _ context: PageContext
    ) async throws -> Page {
        let wanted = search.lowercased()
        let found = files.lazy.filter { $0.path.lowercased().contains(wanted) }.prefix(Self.found)
        let states = try await scene.states(of: Array(found), in: snapshot)
        return FilesPage(
            header: scene.header, place: place, path: "", rows: found.map { row($0, states[$0.path], nil) },
            total: found.count, totals: totals, search: search, notices: scene.notices(snapshot, context)
        ).page(context)
    }

    // MARK: Files

    /// The address is that of a folder.
    private struct Folder: Error { let address: String }

    func blob(_ request: HubRequest, _ kind: RepositoryKind, _ pages: RepositoryWebRoutes) async throws -> HubResponse {
        do {
            return try await pages.show(request, kind, .contentRead) { scene, request, context in
                try await blob(scene, request, context)
            }
        } catch let folder as Folder {
            return .redirect(to: folder.address)
        }
    }

    private func blob(_ scene: RepositoryScene, _ request: HubRequest, _ context: PageContext) async throws -> Page {
        let target = try RevisionPath(request)
        let snapshot = try await scene.snapshot(at: target.revision)
        let entry = try await scene.repositories.entry(at: target.path, in: snapshot)
        guard entry.kind != .submodule else {
            throw HubError(.entryNotFound, "'\(entry.path)' is another repository's commit.")
        }
        guard entry.kind != .directory else {
            throw Folder(address: scene.header.address("tree", revision: target.revision, path: entry.path))
        }
        try await scene.repositories.authorizeFile(entry, in: snapshot)
        let place = try await scene.place(snapshot, target.revision)
        let state = try await scene.states(of: [entry], in: snapshot)[entry.path] ?? FileState(content: .inGit)
        let isSource = request.query.first("plain") != nil
        let shown = try await content(of: entry, state, scene, snapshot, target.revision, isSource, context)
        let (repositories, folder) = (
            scene.repositories, entry.path.split(separator: "/").dropLast().joined(separator: "/")
        )
        let commits =
            await within(.seconds(2)) {
                try await repositories.storedLastCommits(of: folder.isEmpty ? nil : folder, in: snapshot)
            } ?? [:]
        return BlobPage(
            header: scene.header, place: place, path: entry.path, size: max(0, entry.contentSize),
            pointer: entry.lfs.map { BlobPage.Pointer(sha256: $0.oid.hex, size: $0.size) }, state: state,
            content: shown.content, isSource: isSource, hasViews: shown.hasViews,
            lastCommit: commits[entry.path].map { CommitSummary($0) }, notices: scene.notices(snapshot, context)
        ).page(context)
    }

    private func content(
        of entry: TreeEntry, _ state: FileState, _ scene: RepositoryScene, _ snapshot: Snapshot, _ revision: String,
        _ isSource: Bool, _ context: PageContext
    ) async throws -> (content: BlobPage.Content, hasViews: Bool) {
        if state.content == .notHere { return (.notHere, false) }
        let suffix = entry.name.split(separator: ".").last.map { $0.lowercased() } ?? ""
        if entry.kind == .symlink {
            let bytes = try await scene.bytes(of: entry, in: snapshot, limit: 4_096) ?? []
            return (.link(String(decoding: bytes, as: UTF8.self)), false)
        }
        guard entry.contentSize != 0 else { return (.empty, false) }
        switch suffix {
        case "safetensors", "gguf":
            return (try await weights(entry, suffix, scene, snapshot, context), false)
        case "png", "jpg", "jpeg", "gif", "webp", "avif", "bmp", "ico":
            return (entry.contentSize <= Self.largestPicture ? .image(isVector: false) : .binary, false)
        case "mp3", "wav", "flac", "ogg", "m4a", "opus": return (.audio(type: suffix), false)
        case "mp4", "webm", "mov", "mkv": return (.video(type: suffix), false)
        case "pdf": return (.document, false)
        default: break
        }
        guard entry.contentSize <= Self.largestText else { return (.tooLarge(limit: Self.largestText), false) }
        guard let bytes = try await scene.bytes(of: entry, in: snapshot, limit: Self.largestText) else {
            return (.notHere, false)
        }
        guard Self.isText(bytes) else { return (.binary, false) }
        let text = String(decoding: bytes, as: UTF8.self)
        if suffix == "svg" {
            return isSource ? (lines(text, entry), true) : (.image(isVector: true), true)
        }
        if !isSource, let view = rendered(text, suffix, entry, scene, revision, context) { return (view, true) }
        return (lines(text, entry), ["md", "markdown", "json", "csv", "tsv"].contains(suffix) && isSource)
    }

    private func lines(_ text: String, _ entry: TreeEntry) -> BlobPage.Content {
        .lines(SyntaxHighlighter.highlight(text, language: SourceLanguage(path: entry.path)))
    }

    private func rendered(
        _ text: String, _ suffix: String, _ entry: TreeEntry, _ scene: RepositoryScene, _ revision: String,
        _ context: PageContext
    ) -> BlobPage.Content? {
        switch suffix {
        case "md", "markdown":
            let folder = entry.path.split(separator: "/").dropLast().joined(separator: "/")
            return .prose(scene.markdown(text, in: folder, revision: revision, context).html)
        case "json": return JSONTree.view(text, context).map { .json($0) }
        case "csv", "tsv":
            return DelimitedText.table(text, separator: suffix == "csv" ? "," : "\t", limit: 200).map {
                .table(columns: $0.columns, rows: $0.rows, isCut: $0.isCut)
            }
        default: return nil
        }
    }

    /// As git tells text from other bytes: no NUL among the first of them.
    private static func isText(_ bytes: [UInt8]) -> Bool { !bytes.prefix(8_000).contains(0) }

    private func weights(
        _ entry: TreeEntry, _ format: String, _ scene: RepositoryScene, _ snapshot: Snapshot, _ context: PageContext
    ) async throws -> BlobPage.Content {
        do {
            guard let header = try await WeightsReading(scene).header(of: entry, in: snapshot) else {
                return .notHere
            }
            return .weights(header.page(context.t))
        } catch let fault as WeightsReading.Fault {
            return .broken(fault.description)
        }
    }
}

extension RepositoryScene {
    /// Whether nobody committed anything to it.
    var isEmpty: Bool { header.commit == nil && !repository.isMirror }

    func cloneURL(_ context: PageContext) -> String {
        "\(context.siteURL)/\(repository.id.kind.gitPlural)/\(repository.id.path).git"
    }
}
