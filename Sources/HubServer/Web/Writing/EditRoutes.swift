import HTTPTypes
import HubCore
import MirrorGateway
import WebPages

/// Changing, making and deleting files in a form.
struct EditRoutes: Sendable {
    let web: WebContext

    /// Bytes of a form with a text: escapes make it up to three times as long.
    private static let formLimit = 8 << 20

    func routes(for kind: RepositoryKind, at base: String) -> [Route] {
        let (errors, verb) = (web.errors, RouteVerb.repository(.contentWrite))
        return [
            Route(.get, base + "/edit/{revision}/{path...}", verb, errors: errors) { try await editPage($0, kind) },
            Route(.post, base + "/edit/{revision}/{path...}", verb, errors: errors) { try await edit($0, kind) },
            Route(.get, base + "/new/{revision}/{path...}", verb, errors: errors) { try await newPage($0, kind) },
            Route(.post, base + "/new/{revision}/{path...}", verb, errors: errors) { try await create($0, kind) },
            Route(.get, base + "/delete/{revision}/{path...}", verb, errors: errors) { try await deletePage($0, kind) },
            Route(.post, base + "/delete/{revision}/{path...}", verb, errors: errors) { try await delete($0, kind) },
        ]
    }

    // MARK: Changing

    private func editPage(_ request: HubRequest, _ kind: RepositoryKind) async throws -> HubResponse {
        let scene = try await ChangeScene.open(request, kind, web)
        let path = try request.parameter("path")
        let snapshot = try Self.snapshot(of: scene, path)
        let file = try await EditedText(path, in: snapshot, by: scene.repositories)
        guard let text = file.text else {
            return try await web.page(request) { context in
                NotTextPage(
                    place: scene.place, path: path, bytes: file.entry.contentSize, isLarge: file.entry.lfs != nil
                ).page(context)
            }
        }
        let page = EditPage(
            place: scene.place, path: path,
            base: EditPage.Base(blob: file.entry.id.hex, commit: snapshot.commit.hex), text: text,
            fields: scene.fields(nil, fallback: "Update \(path)"), card: Self.review(path, text, kind))
        return try await web.page(request) { page.page($0) }
    }

    private func edit(_ request: HubRequest, _ kind: RepositoryKind) async throws -> HubResponse {
        let scene = try await ChangeScene.open(request, kind, web)
        let form = try await web.form(request, upTo: Self.formLimit)
        let path = try request.parameter("path")
        let snapshot = try Self.snapshot(of: scene, path)
        let base = EditPage.Base(blob: try form.require("base"), commit: try form.require("commit"))
        let original = try await original(path, base, in: scene)
        let text = EditedText.normalized(form.text("text"), like: original)
        var page = EditPage(
            place: scene.place, path: path, base: base, text: text,
            fields: scene.fields(form, fallback: "Update \(path)"), card: Self.review(path, text, kind))
        if let fixed = try fix(form, page, kind) { return try await web.page(request) { fixed.page($0) } }
        do {
            let location = try await web.submissions.once(
                form, at: request.rawPath, now: scene.web.gateway.hub.clock.now()
            ) {
                [page] in
                try await commit(page, scene, precondition: { path, _ in .file(path, blob: ObjectID(base.blob)) })
            }
            return web.seeOther(location)
        } catch let error as HubError
            where error.code == .preconditionFailed || error.code == .entryNotFound
        {
            return try await conflict(request, page, scene, snapshot, original: original)
        } catch let error as HubError where error.belongsToForm {
            page.show(error)
            return try await web.page(request) { [page] in page.page($0) }
        }
    }

    /// The page with a field added to its card's front matter; nil when the form asks for something else.
    private func fix(_ form: WebForm, _ page: EditPage, _ kind: RepositoryKind) throws -> EditPage? {
        guard let action = form.first("action"), action.hasPrefix("fix:") else { return nil }
        var page = page
        let key = String(action.dropFirst(4))
        guard let field = CardReviewPanel.Field(rawValue: key), let value = form.first("fix-\(key)"),
            field.choices.contains(value),
            let fixed = CardReview.adding(key, value, to: Array(page.text.utf8))
        else { return page }
        page.text = String(decoding: fixed, as: UTF8.self)
        page.card = Self.review(page.base == nil ? page.name : page.path, page.text, kind)
        return page
    }

    /// The text that a form was made from; nil when that is not known any more.
    private func original(_ path: String, _ base: EditPage.Base, in scene: ChangeScene) async throws -> String? {
        guard let commit = ObjectID(base.commit) else { return nil }
        do {
            let snapshot = try await scene.repositories.snapshot(of: scene.repository, at: .commit(commit))
            let file = try await EditedText(path, in: snapshot, by: scene.repositories)
            return file.entry.id.hex == base.blob ? file.text : nil
        } catch let error as HubError where error.status < 500 {
            return nil
        }
    }

    /// Somebody was faster: shows what is there now beside what was typed.
    private func conflict(
        _ request: HubRequest, _ page: EditPage, _ scene: ChangeScene, _ snapshot: Snapshot, original: String?
    ) async throws -> HubResponse {
        // The branch may have moved since this request began.
        let head = try await scene.repositories.snapshot(of: scene.repository, at: .ref(scene.ref))
        var current: EditedText?
        do {
            current = try await EditedText(page.path, in: head, by: scene.repositories)
        } catch let error as HubError where error.code == .entryNotFound {
            current = nil
        }
        if let current, current.text == page.text {
            return web.seeOther(scene.place.header.address("blob", revision: scene.place.revision, path: page.path))
        }
        let last = try await scene.repositories.history(of: head, path: page.path, skip: 0, limit: 1).first
        let theirs = current.map { $0.text ?? "" }
        let shown = ConflictPage(
            place: scene.place, path: page.path, theirs: theirs, yours: page.text,
            merged: ThreeWayMerge(
                base: original ?? "", theirs: theirs ?? page.text, yours: page.text,
                theirName: scene.ref.shortName, yourName: scene.repository.principal.label),
            base: current.map { EditPage.Base(blob: $0.entry.id.hex, commit: head.commit.hex) }, fields: page.fields,
            theirCommit: last.map { ($0.author.name, $0.title, $0.id.hex) })
        return try await web.page(request) { shown.page($0) }
    }

    // MARK: Making

    private func newPage(_ request: HubRequest, _ kind: RepositoryKind) async throws -> HubResponse {
        let scene = try await ChangeScene.open(request, kind, web)
        let folder = try request.parameter("path")
        let name = request.query.first("name") ?? ""
        let page = EditPage(
            place: scene.place, path: folder, base: nil, text: "", name: name,
            fields: scene.fields(nil, fallback: "Create a file"), card: Self.review(name, "", kind))
        return try await web.page(request) { page.page($0) }
    }

    private func create(_ request: HubRequest, _ kind: RepositoryKind) async throws -> HubResponse {
        let scene = try await ChangeScene.open(request, kind, web)
        let form = try await web.form(request, upTo: Self.formLimit)
        let folder = try request.parameter("path")
        let text = EditedText.normalized(form.text("text"), like: nil)
        let name = form.text("name")
        let fallback = name.isEmpty ? "Create a file" : "Create \(Self.joined(folder, name))"
        var page = EditPage(
            place: scene.place, path: folder, base: nil, text: text, name: name,
            fields: scene.fields(form, fallback: fallback), card: Self.review(Self.joined(folder, name), text, kind))
        if let fixed = try fix(form, page, kind) { return try await web.page(request) { fixed.page($0) } }
        let t = L10n(WebPreferences(request).language)
        let path = Self.joined(folder, name)
        guard !name.isEmpty, (try? CommitPath.parse(path)) != nil else {
            page.nameProblem = name.isEmpty ? t.fileNameEmpty : t.fileNameInvalid(String(name.prefix(200)))
            page.status = 422
            return try await web.page(request) { [page] in page.page($0) }
        }
        do {
            let location = try await web.submissions.once(
                form, at: request.rawPath, now: scene.web.gateway.hub.clock.now()
            ) {
                [page] in
                try await commit(page, scene, at: path, precondition: { .absent($0, orHolding: $1) })
            }
            return web.seeOther(location)
        } catch let error as HubError where error.code == .conflict {
            page.nameProblem = t.fileTaken(path)
            page.status = 409
            return try await web.page(request) { [page] in page.page($0) }
        } catch let error as HubError where error.belongsToForm {
            page.show(error)
            return try await web.page(request) { [page] in page.page($0) }
        }
    }

    /// Commits the text of a page.
    /// - Parameter precondition: what must hold of the file meanwhile.
    /// - Returns: where to go then.
    private func commit(
        _ page: EditPage, _ scene: ChangeScene, at text: String? = nil,
        precondition: (GitPath, StagedFile) -> CommitPrecondition
    ) async throws -> String {
        let path = try CommitPath.parse(text ?? page.path)
        let opened = try await scene.opened(for: page.fields.target)
        let hold = scene.repositories.holdForCommit(to: opened)
        var draft = scene.draft(page.fields)
        draft.hold = hold
        do {
            let bytes = Array(page.text.utf8)
            try await hold.cover(Int64(bytes.count))
            let staged = try await scene.repositories.stage(bytes, at: path, in: opened)
            draft.operations = [.writeStaged(path: path, file: staged)]
            draft.preconditions = [precondition(path, staged)]
        } catch {
            await hold.release()
            throw error
        }
        let number = try await scene.commit(draft, page.fields.target, to: opened, parent: page.base?.commit)
        if let number { return scene.address(ofDiscussion: number) }
        return scene.place.header.address("blob", revision: scene.place.revision, path: path.path) + "?done=committed"
    }

    // MARK: Deleting

    private func deletePage(_ request: HubRequest, _ kind: RepositoryKind) async throws -> HubResponse {
        let scene = try await ChangeScene.open(request, kind, web)
        let page = try await deletion(of: try request.parameter("path"), in: scene, nil)
        return try await web.page(request) { page.page($0) }
    }

    private func deletion(of path: String, in scene: ChangeScene, _ form: WebForm?) async throws -> DeletePage {
        let snapshot = try Self.snapshot(of: scene, path)
        let entry = try await scene.repositories.entry(at: path, in: snapshot)
        var (count, bytes): (Int?, Int64) = (nil, entry.contentSize)
        if entry.kind == .directory {
            let files = try await scene.repositories.list(path, in: snapshot, recursive: true)
                .filter { $0.kind != .directory }
            (count, bytes) = (files.count, files.reduce(0) { $0 + $1.contentSize })
        }
        return DeletePage(
            place: scene.place, path: path, fileCount: count, bytes: bytes,
            base: EditPage.Base(blob: entry.id.hex, commit: snapshot.commit.hex),
            fields: scene.fields(form, fallback: "Delete \(path)"))
    }

    private func delete(_ request: HubRequest, _ kind: RepositoryKind) async throws -> HubResponse {
        let scene = try await ChangeScene.open(request, kind, web)
        let form = try await web.form(request)
        var page = try await deletion(of: try request.parameter("path"), in: scene, form)
        do {
            guard form.text("base") == page.base.blob else {
                throw HubError(
                    .preconditionFailed, "'\(page.path)' was changed since you looked at it.",
                    remedy: "Look at it again before you delete it.")
            }
            let location = try await web.submissions.once(
                form, at: request.rawPath, now: scene.web.gateway.hub.clock.now()
            ) {
                [page] in
                let path = try CommitPath.parse(folder: page.path)
                let opened = try await scene.opened(for: page.fields.target)
                var draft = scene.draft(page.fields, [.delete(path: path)])
                if page.fileCount == nil {
                    draft.preconditions = [.file(path, blob: ObjectID(page.base.blob))]
                }
                let number = try await scene.commit(
                    draft, page.fields.target, to: opened, parent: page.base.commit)
                if let number { return scene.address(ofDiscussion: number) }
                let folder = path.parent?.path ?? ""
                return scene.place.header.address("tree", revision: scene.place.revision, path: folder)
                    + "?done=deleted"
            }
            return web.seeOther(location)
        } catch let error as HubError where error.belongsToForm {
            page.refusal = (error.message, error.remedy)
            page.status = error.status
            return try await web.page(request) { [page] in page.page($0) }
        }
    }

    // MARK: Parts

    private static func snapshot(of scene: ChangeScene, _ path: String) throws -> Snapshot {
        guard let snapshot = scene.snapshot else {
            throw HubError(.entryNotFound, "'\(path)' does not exist in \(scene.repository.id).")
        }
        return snapshot
    }

    private static func joined(_ folder: String, _ name: String) -> String {
        folder.isEmpty ? name : "\(folder)/\(name)"
    }

    private static func review(_ path: String, _ text: String, _ kind: RepositoryKind) -> CardReviewPanel? {
        guard path == "README.md" else { return nil }
        let review = CardReview(readme: Array(text.utf8), of: kind)
        return CardReviewPanel(
            issues: review.issues.map { CardReviewPanel.Issue(line: $0.line, message: $0.message) },
            missing: review.missing.compactMap(CardReviewPanel.Field.init(rawValue:)))
    }
}

extension EditPage {
    /// Tells why a change was not taken, where it belongs.
    fileprivate mutating func show(_ error: HubError) {
        status = error.status
        if error.code == .badRequest {
            textProblem = error.message
            status = 422
        }
        refusal = (error.message, error.remedy)
    }
}
