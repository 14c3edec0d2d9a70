import HTTPTypes
import HubCore
import MirrorGateway
import NIOCore
import WebPages

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Uploading files: in pieces by a script, or all at once in a form.
struct UploadRoutes: Sendable {
    let web: WebContext

    /// Files of one commit that come by a script.
    private static let maximumFiles = 1_000
    /// Bytes of a form with files.
    private static let formLimit: Int64 = 64 << 20
    private static let jsonLimit = 16 << 20

    func routes(for kind: RepositoryKind, at base: String) -> [Route] {
        let (errors, verb) = (web.errors, RouteVerb.repository(.contentWrite))
        let plain = PlainErrorRendering()
        return [
            Route(.get, base + "/upload/{revision}/{path...}", verb, errors: errors) { try await page($0, kind) },
            Route(.post, base + "/upload/{revision}/{path...}", verb, errors: errors) { try await form($0, kind) },
            Route(.post, base + "/upload-plan/{revision}", verb, errors: plain) { try await plan($0, kind) },
            Route(.put, base + "/upload-piece/{revision}/{path...}", verb, errors: plain) {
                try await piece($0, kind)
            },
            Route(.post, base + "/upload-commit/{revision}", verb, errors: plain) { try await commit($0, kind) },
        ]
    }

    private var uploads: UploadService { web.gateway.hub.uploads }

    private func page(_ request: HubRequest, _ kind: RepositoryKind) async throws -> HubResponse {
        let scene = try await ChangeScene.open(request, kind, web)
        let page = UploadPage(
            place: scene.place, folder: try request.parameter("path"),
            fields: scene.fields(nil, fallback: "Upload files"))
        return try await web.page(request) { page.page($0) }
    }

    /// What a script sends beside JSON or bytes proves that a page of ours sent it.
    private func requireOwnPage(_ request: HubRequest) throws {
        try SameOrigin.refuseOthers(request)
        try FormGuard(web.guardKey).require(request.headers["X-CSRF-Token"], for: request)
    }

    // MARK: By a script

    private struct File: Decodable, Sendable {
        let path: String
        let size: Int64
        let token: String
        /// The first bytes, in Base64.
        var sample: String?
        /// What the plan said.
        var isLarge: Bool?
    }

    private struct PlanRequest: Decodable {
        let files: [File]
        /// Files that are not to be uploaded after all.
        var discarded: [File]?
        var proposes: Bool?
    }

    private func plan(_ request: HubRequest, _ kind: RepositoryKind) async throws -> HubResponse {
        let scene = try await ChangeScene.open(request, kind, web)
        try requireOwnPage(request)
        let body = try await request.body.json(PlanRequest.self, upTo: Self.jsonLimit)
        guard body.files.count <= Self.maximumFiles else {
            throw HubError(.payloadTooLarge, "Upload \(Self.maximumFiles) files at once at most.")
        }
        for file in body.discarded ?? [] {
            guard let upload = UnnamedUpload(file.token, size: file.size, into: scene.repository) else { continue }
            try await uploads.discard(upload, in: scene.repository)
        }
        var answers: [PlannedFile] = []
        for file in body.files { answers.append(try await planned(file, in: scene)) }
        return try .json(["files": answers])
    }

    private struct PlannedFile: Encodable {
        let path: String
        var isLarge = false
        var isIgnored = false
        var replaces = false
        /// Bytes that are here.
        var offset: Int64 = 0
        var error: String?
    }

    private func planned(_ file: File, in scene: ChangeScene) async throws -> PlannedFile {
        var answer = PlannedFile(path: file.path)
        do {
            let path = try CommitPath.parse(file.path)
            guard let upload = UnnamedUpload(file.token, size: file.size, into: scene.repository) else {
                throw HubError(.unprocessable, "A file of \(file.size) bytes cannot be taken.")
            }
            let sample = file.sample.flatMap { Data(base64Encoded: $0) }.map { Array($0) } ?? []
            let plans = try await scene.repositories.uploadPlans(
                for: [UploadCandidate(path: path, size: file.size, sample: sample)], onto: scene.snapshot,
                ignoring: nil)
            guard let plan = plans.first else { return answer }
            answer.isLarge = plan.isLarge && file.size > 0
            answer.isIgnored = plan.isIgnored
            answer.replaces = plan.present != nil
            switch try uploads.state(of: upload, in: scene.repository) {
            case .arriving(let bytes): answer.offset = bytes
            case .stored: answer.offset = file.size
            }
            if answer.offset < file.size {
                try await web.gateway.hub.store.quotas.requireRoom(
                    for: file.size - answer.offset, in: scene.repository)
                try web.gateway.hub.blobs.checkSpace(for: file.size - answer.offset)
            }
        } catch let error as HubError where error.status < 500 || error.code == .storageFull {
            answer.error = error.message
        }
        return answer
    }

    private func piece(_ request: HubRequest, _ kind: RepositoryKind) async throws -> HubResponse {
        let scene = try await ChangeScene.open(request, kind, web)
        try requireOwnPage(request)
        _ = try CommitPath.parse(try request.parameter("path"))
        guard let size = try request.query.integer("size", in: 0...Int(UnnamedUpload.maximumSize)),
            let offset = try request.query.integer("offset", in: 0...size),
            let upload = UnnamedUpload(
                request.query.first("token") ?? "", size: Int64(size), into: scene.repository)
        else { throw HubError(.badRequest, "The piece does not say where it belongs.") }
        let isLarge =
            try request.query.bool("large", default: false) || Int64(size) >= RepositoryService.largeFileSize
        let state = try await uploads.append(
            to: upload, at: Int64(offset), isLarge: isLarge, of: scene.repository,
            from: request.body.map { Array($0.readableBytesView) })
        switch state {
        case .arriving(let bytes): return try .json(["offset": bytes])
        case .stored: return try .json(["offset": Int64(size)])
        }
    }

    private struct CommitRequest: Decodable, Sendable {
        let files: [File]
        var summary: String?
        var description: String?
        var target: String?
    }

    private func commit(_ request: HubRequest, _ kind: RepositoryKind) async throws -> HubResponse {
        let scene = try await ChangeScene.open(request, kind, web)
        try requireOwnPage(request)
        let body = try await request.body.json(CommitRequest.self, upTo: Self.jsonLimit)
        guard !body.files.isEmpty, body.files.count <= Self.maximumFiles else {
            throw HubError(.badRequest, "Choose at least one file and \(Self.maximumFiles) at most.")
        }
        var fields = scene.fields(nil, fallback: Self.summary(of: body.files.map(\.path)))
        fields.summary = body.summary ?? ""
        fields.description = body.description ?? ""
        fields.target =
            scene.mayCommit ? body.target.flatMap(ChangeFields.Target.init(rawValue:)) ?? .branch : .pull
        let opened = try await scene.opened(for: fields.target)
        let hold = scene.repositories.holdForCommit(to: opened)
        var draft = scene.draft(fields)
        draft.hold = hold
        var small: [UnnamedUpload] = []
        do {
            var bytes: Int64 = 0
            for file in body.files {
                let operation = try await operation(for: file, scene, opened, hold, &bytes, &small)
                draft.operations.append(operation)
            }
        } catch {
            await hold.release()
            throw error
        }
        let number = try await scene.commit(draft, fields.target, to: opened, parent: nil)
        for upload in small { try? await uploads.discard(upload, in: scene.repository) }
        let folder = body.files.count == 1 ? "" : Self.folder(of: body.files.map(\.path))
        let tree =
            body.files.count == 1
            ? scene.place.header.address("blob", revision: scene.place.revision, path: body.files[0].path)
            : scene.place.header.address("tree", revision: scene.place.revision, path: folder)
        return try .json(["location": number.map(scene.address) ?? tree])
    }

    private func operation(
        for file: File, _ scene: ChangeScene, _ opened: Repository, _ hold: QuotaHold, _ bytes: inout Int64,
        _ small: inout [UnnamedUpload]
    ) async throws -> CommitOperation {
        let path = try CommitPath.parse(file.path)
        guard let upload = UnnamedUpload(file.token, size: file.size, into: scene.repository) else {
            throw HubError(.badRequest, "The file '\(file.path)' does not say which upload it is.")
        }
        var isStored = false
        if case .stored = try uploads.state(of: upload, in: scene.repository) { isStored = true }
        if isStored || file.isLarge == true || file.size >= RepositoryService.largeFileSize {
            // For a pull request what came is its author's, for a commit the repository's.
            let pointer = try await uploads.settle(upload, in: opened)
            return .writeLarge(path: path, oid: pointer.oid, size: pointer.size)
        }
        let content = file.size == 0 ? [] : try await uploads.bytes(of: upload, in: scene.repository)
        bytes += Int64(content.count)
        try await hold.cover(bytes)
        small.append(upload)
        return .writeStaged(path: path, file: try await scene.repositories.stage(content, at: path, in: opened))
    }

    private static func summary(of paths: [String]) -> String {
        paths.count == 1 ? "Upload \(paths[0])" : "Upload \(paths.count) files"
    }

    /// The folder that all of these files are in.
    private static func folder(of paths: [String]) -> String {
        guard var common = paths.first?.split(separator: "/").dropLast() else { return "" }
        for path in paths {
            let names = path.split(separator: "/").dropLast()
            common = common.prefix(zip(common, names).prefix { $0 == $1 }.count)
        }
        return common.joined(separator: "/")
    }

    // MARK: In a form

    private func form(_ request: HubRequest, _ kind: RepositoryKind) async throws -> HubResponse {
        let scene = try await ChangeScene.open(request, kind, web)
        try SameOrigin.refuseOthers(request)
        let folder = try request.parameter("path")
        var page = UploadPage(
            place: scene.place, folder: folder, fields: scene.fields(nil, fallback: "Upload files"))
        do {
            let (texts, files) = try await read(request)
            page.fields.summary = texts["summary"] ?? ""
            page.fields.description = texts["description"] ?? ""
            if scene.mayCommit, let target = texts["target"].flatMap(ChangeFields.Target.init(rawValue:)) {
                page.fields.target = target
            }
            guard !files.isEmpty else { throw HubError(.unprocessable, "No file was chosen.") }
            return web.seeOther(try await commit(files, to: folder, page.fields, scene))
        } catch let error as HubError where error.belongsToForm && error.code != .forbidden {
            page.refusal = (error.message, error.remedy)
            page.status = error.status
            return try await web.page(request) { [page] in page.page($0) }
        }
    }

    private typealias SentFile = (name: String, bytes: [UInt8])

    private func read(_ request: HubRequest) async throws -> (texts: [String: String], files: [SentFile]) {
        let form: MultipartForm
        do {
            form = try MultipartForm(request, maximumBytes: Self.formLimit, maximumParts: 200)
        } catch let error as HubError where error.code == .unsupportedMediaType {
            // A form that brings no token either.
            try FormGuard(web.guardKey).require(nil, for: request)
            throw error
        }
        var texts: [String: String] = [:]
        var files: [SentFile] = []
        var isOwn = false
        while let part = try await form.nextPart() {
            guard let filename = part.filename else {
                texts[part.name] = try await form.text()
                if part.name == "csrf" {
                    try FormGuard(web.guardKey).require(texts["csrf"], for: request)
                    isOwn = true
                }
                continue
            }
            if !isOwn { try FormGuard(web.guardKey).require(nil, for: request) }
            var bytes: [UInt8] = []
            while let chunk = try await form.nextChunk() { bytes += chunk }
            if !filename.isEmpty { files.append((filename, bytes)) }
        }
        if !isOwn { try FormGuard(web.guardKey).require(nil, for: request) }
        return (texts, files)
    }

    private func commit(
        _ files: [SentFile], to folder: String, _ fields: ChangeFields, _ scene: ChangeScene
    ) async throws -> String {
        var fields = fields
        let named = try files.map { file -> (path: GitPath, bytes: [UInt8]) in
            // Some browsers send the path on their own disk.
            let name = file.name.split(whereSeparator: { $0 == "/" || $0 == "\\" }).last.map(String.init) ?? ""
            return (try CommitPath.parse(folder.isEmpty ? name : "\(folder)/\(name)"), file.bytes)
        }
        if fields.summary.isEmpty { fields.summary = Self.summary(of: named.map(\.path.path)) }
        let opened = try await scene.opened(for: fields.target)
        let plans = try await scene.repositories.uploadPlans(
            for: named.map { file in
                UploadCandidate(
                    path: file.path, size: Int64(file.bytes.count), sample: Array(file.bytes.prefix(512)))
            }, onto: scene.snapshot, ignoring: nil)
        let hold = scene.repositories.holdForCommit(to: opened)
        var draft = scene.draft(fields)
        draft.hold = hold
        do {
            var bytes: Int64 = 0
            for (file, plan) in zip(named, plans) {
                if plan.isLarge, !file.bytes.isEmpty {
                    let pointer = LFSPointer(oid: BlobID(hashing: file.bytes), size: Int64(file.bytes.count))
                    try await uploads.receive(
                        pointer, of: opened,
                        from: AsyncThrowingStream { stream in
                            stream.yield(file.bytes)
                            stream.finish()
                        })
                    draft.operations.append(.writeLarge(path: file.path, oid: pointer.oid, size: pointer.size))
                } else {
                    bytes += Int64(file.bytes.count)
                    try await hold.cover(bytes)
                    draft.operations.append(
                        .writeStaged(
                            path: file.path,
                            file: try await scene.repositories.stage(file.bytes, at: file.path, in: opened)))
                }
            }
        } catch {
            await hold.release()
            throw error
        }
        let number = try await scene.commit(draft, fields.target, to: opened, parent: nil)
        return number.map(scene.address)
            ?? scene.place.header.address("tree", revision: scene.place.revision, path: folder)
    }
}
