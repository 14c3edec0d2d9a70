import HTTPTypes
import HubCore

/// `POST …/upload_file`: a form with `file`, `file_path`, `branch` and `message`, in any order (wire/csghub.md §2.2).
struct CSGHubUploadFileRoute: CSGHubRouteFamily {
    /// The largest file that comes in one request, in bytes; CSGHub's own limit.
    private static let maximumBytes: Int64 = 5 << 30
    /// A file that is larger is in the blob store whatever it is, so it goes there as it comes.
    private static let maximumInMemory = Int(RepositoryService.largeFileSize)

    private enum Content {
        case small([UInt8])
        case large(LFSPointer)
    }

    let context: CSGHubContext

    var routes: [Route] { [context.repositoryRoute(.post, "/upload_file", .contentWrite, handler: upload)] }

    private func upload(_ request: HubRequest) async throws -> HubResponse {
        let repository = try await context.open(request, .contentWrite)
        let form = try MultipartForm(request, maximumBytes: Self.maximumBytes)
        var fields: [String: String] = [:]
        var content: Content?
        var filename: String?
        while let part = try await form.nextPart() {
            if part.name == "file", content == nil {
                filename = part.filename
                content = try await receive(form, in: repository)
            } else {
                fields[part.name] = try await form.text()
            }
        }
        guard let content else { throw HubError(.badRequest, "The form has no field 'file'.") }
        let text = [fields["file_path"], filename].compactMap(\.self).first { !$0.isEmpty } ?? ""
        // The client may name the file as it lies on its disk.
        let path = try CSGHubCommitFile.parse(Self.trimmed(text))
        let target = CSGHubTarget(branch: fields["branch"], newBranch: fields["new_branch"], repository)
        let message = fields["message"].flatMap { $0.isEmpty ? nil : $0 } ?? "Upload \(path)"
        var draft = CommitDraft(
            ref: try await target.ref(by: context.repositories), operations: [], summary: message)
        draft.preconditions = [.absent(path, orHolding: nil)]
        switch content {
        case .large(let pointer):
            draft.operations = [.writeLarge(path: path, oid: pointer.oid, size: pointer.size)]
        case .small(let bytes):
            draft.operations = [
                try await CSGHubIncomingFile(path: path, repository: repository).operation(
                    bytes, by: context.repositories)
            ]
        }
        let outcome = try await target.commit(draft, by: context.repositories)
        return .enveloped { json in json.object { $0.member("commit_id", outcome.commit.hex) } }
    }

    private func receive(_ form: MultipartForm, in repository: Repository) async throws -> Content {
        var bytes: [UInt8] = []
        while bytes.count < Self.maximumInMemory {
            guard let chunk = try await form.nextChunk() else { return .small(bytes) }
            bytes += chunk
        }
        let head = [bytes]
        let chunks = LargeUpload(head: head, form: form)
        return .large(try await context.repositories.storeLarge(chunks, in: repository))
    }

    private static func trimmed(_ path: String) -> String {
        var text = Substring(path)
        while text.hasPrefix("./") || text.hasPrefix("/") { text = text.drop { $0 == "." }.drop { $0 == "/" } }
        return String(text)
    }
}

/// What came of a file so far, and the rest of it as it comes.
private struct LargeUpload: AsyncSequence, Sendable {
    typealias Element = [UInt8]

    let head: [[UInt8]]
    let form: MultipartForm

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(head: head[...], form: form) }

    struct AsyncIterator: AsyncIteratorProtocol {
        var head: ArraySlice<[UInt8]>
        let form: MultipartForm

        mutating func next() async throws -> [UInt8]? {
            if let first = head.popFirst() { return first }
            return try await form.nextChunk()
        }
    }
}
