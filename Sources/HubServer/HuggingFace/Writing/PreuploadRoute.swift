import HTTPTypes
import HubCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// `POST /api/{kind}/{namespace}/{name}/preupload/{revision}`: how each of some files is to be uploaded.
struct PreuploadRoute: RouteFamily {
    /// Clients send up to 256.
    private static let maximumFiles = 1_000
    private static let maximumBytes = 8 << 20

    let access: RepositoryAccess

    private struct Body: Decodable {
        struct File: Decodable {
            var path: String
            var size: Int64?
            var sample: String?
        }

        var files: [File]
        var gitIgnore: String?
    }

    func routes(for kind: RepositoryKind) -> [Route] {
        [
            Route(
                .post, "/api/\(kind.plural)/{namespace}/{name}/preupload/{revision}/{path...}",
                .repository(.contentWrite), errors: access.errors
            ) { try await answer($0, kind) }
        ]
    }

    private func answer(_ request: HubRequest, _ kind: RepositoryKind) async throws -> HubResponse {
        let target = try RevisionPath(request)
        let repository = try await access.openForCommit(request, kind, to: target.revision).repository
        guard target.path.isEmpty else { throw HubError(.notFound, "There is nothing at \(request.path).") }
        let snapshot = try await snapshot(of: repository, at: target.revision)
        let body = try await request.body.json(Body.self, upTo: Self.maximumBytes)
        guard body.files.count <= Self.maximumFiles else {
            throw HubError(.badRequest, "More than \(Self.maximumFiles) files are asked for at once.")
        }
        let files = try body.files.map { file in
            UploadCandidate(
                path: try CommitPath.parse(file.path), size: max(0, file.size ?? 0),
                sample: file.sample.flatMap { Data(base64Encoded: $0) }.map { Array($0) } ?? [])
        }
        let plans = try await access.repositories.uploadPlans(
            for: files, onto: snapshot, ignoring: body.gitIgnore.map { Array($0.utf8) })
        try await requireRoom(for: zip(files, plans), in: repository, onto: snapshot)
        return HubResponse.json { json in
            json.object { json in
                json.array("files") { json in
                    for (file, plan) in zip(body.files, plans) {
                        json.object { json in
                            json.member("path", file.path)
                            json.member("uploadMode", plan.isLarge ? "lfs" : "regular")
                            json.member("shouldIgnore", plan.isIgnored)
                            if let present = plan.present { json.member("oid", present) }
                        }
                    }
                }
                if let snapshot { json.member("commitOid", snapshot.commit.hex) }
            }
        }
    }

    /// Says before any byte is sent that files will not fit: clients of Xet show people nothing of what comes later.
    ///
    /// A file that is there already in the same size may well be the same.
    private func requireRoom(
        for files: some Sequence<(UploadCandidate, UploadPlan)>, in repository: Repository, onto snapshot: Snapshot?
    ) async throws {
        var bytes: Int64 = 0
        for (file, plan) in files where !plan.isIgnored {
            var isSame = false
            if plan.present != nil, let snapshot {
                let entry = try await access.repositories.entry(at: file.path.path, in: snapshot)
                isSame = entry.contentSize == file.size
            }
            if !isSame { bytes = bytes.addingReportingOverflow(file.size).overflow ? .max : bytes + file.size }
        }
        try await access.store.quotas.requireRoom(for: bytes, in: repository)
    }

    /// The branch as it is; nil where the commit to come will be the first one.
    private func snapshot(of repository: Repository, at revision: String) async throws -> Snapshot? {
        do {
            return try await access.snapshot(of: repository, at: revision)
        } catch let error as HubError where error.code == .revisionNotFound {
            try await access.repositories.requireTarget(
                access.repositories.target(named: revision, of: repository), of: repository)
            return nil
        }
    }
}
