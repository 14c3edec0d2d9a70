import HTTPTypes
import HubCore
import NIOCore

/// `POST /api/{kind}/{namespace}/{name}/paths-info/{revision}`: the entries at some paths; missing ones are left out.
struct PathsInfoRoute: RouteFamily {
    let access: RepositoryAccess
    /// Names the large files in Xet; nil where there is none.
    let xet: XetAdvertisement?
    /// What was found in files; nil where nobody looks.
    let scans: ScanStates?

    func routes(for kind: RepositoryKind) -> [Route] {
        [
            Route(
                .post, "/api/\(kind.plural)/{namespace}/{name}/paths-info/{revision}/{path...}",
                .repository(.metaRead), errors: access.errors
            ) { try await answer($0, kind) }
        ]
    }

    private func answer(_ request: HubRequest, _ kind: RepositoryKind) async throws -> HubResponse {
        let asked = try await PathsInfoRequest(request)
        let target = try RevisionPath(request)
        return try await access.answer(
            request, kind, .metaRead, at: target.revision, isKept: !asked.isExpanded
        ) { snapshot in
            var entries: [TreeEntry] = []
            let rules = snapshot.repository.rules
            for path in asked.paths where rules.denialOfReading(path) == nil {
                do {
                    let entry = try await access.repositories.entry(at: path, in: snapshot)
                    if entry.kind != .submodule { entries.append(entry) }
                } catch let error as HubError where error.code == .entryNotFound {
                    continue
                }
            }
            let commits =
                asked.isExpanded
                ? try await LastCommits(of: entries, in: snapshot, by: access.repositories) : .unasked
            let states = asked.isExpanded ? try await scans?.states(of: entries, in: snapshot) ?? [:] : [:]
            let names = try await xet?.namesToCopy(of: entries, in: snapshot.repository) ?? .unasked
            return HubResponse.json { json in
                json.array { json in
                    for entry in entries {
                        json.treeEntry(
                            entry, lastCommit: commits[entry], xetHash: names[entry], security: states[entry.path])
                    }
                }
            }
        }
    }
}

/// The body of `paths-info`: a form as clients send it, or JSON as other tools do.
struct PathsInfoRequest: Equatable, Sendable {
    /// Clients send up to 1 000.
    static let maximumPaths = 2_000
    private static let maximumBytes = 4 << 20

    /// Without doubles and trailing slashes, in the order asked.
    let paths: [String]
    let isExpanded: Bool

    init(_ request: HubRequest) async throws {
        let body = try await request.body.collect(upTo: Self.maximumBytes)
        try self.init(parsing: String(buffer: body), isJSON: request.headers[.contentType]?.contains("json") == true)
    }

    /// - Throws: `badRequest`.
    init(parsing text: String, isJSON: Bool) throws {
        var asked: [String] = []
        if isJSON {
            guard let document = JSONText.decode(text), case .object = document else {
                throw HubError(.badRequest, "The request body is not a JSON object.")
            }
            asked = document["paths"]?.strings ?? []
            isExpanded = document["expand"] == .boolean(true)
        } else {
            // Not `QueryParameters(parsing:)` for its limit on pairs: paths alone may be more.
            var expands = false
            for part in text.split(whereSeparator: { $0 == "&" || $0.isNewline }) {
                let halves = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                guard let name = halves.first, halves.count == 2,
                    let value = PercentCoding.decode(halves[1], plusIsSpace: true)
                else { throw HubError(.badRequest, "The request body is not a form.") }
                if name == "paths" || name == "paths[]" || name == "paths%5B%5D" { asked.append(value) }
                if name == "expand" { expands = value.lowercased() == "true" || value == "1" }
            }
            isExpanded = expands
        }
        guard asked.count <= Self.maximumPaths else {
            throw HubError(.badRequest, "More than \(Self.maximumPaths) paths are asked for at once.")
        }
        var seen: Set<String> = []
        paths = asked.map { $0.hasSuffix("/") ? String($0.dropLast()) : $0 }.filter { seen.insert($0).inserted }
    }
}
