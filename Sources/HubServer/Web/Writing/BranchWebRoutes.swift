import HTTPTypes
import HubCore
import MirrorGateway
import WebPages

/// Making and deleting branches and tags in a form.
struct BranchWebRoutes: Sendable {
    let web: WebContext

    func routes(for kind: RepositoryKind, at base: String) -> [Route] {
        [
            Route(.get, base + "/branches/manage", .repository(.contentWrite), errors: web.errors) { request in
                let scene = try await RepositoryScene.open(request, kind, web, .contentWrite)
                let forms = try await Self.forms(for: scene)
                return try await web.page(request) { forms.page($0) }
            },
            Route(.post, base + "/branches", .repository(.contentWrite), errors: web.errors) { request in
                try await change(request, kind)
            },
        ]
    }

    /// The forms, with what may be deleted.
    static func forms(for scene: RepositoryScene) async throws -> BranchForms {
        let repositories = scene.web.gateway.repositories
        let protections = try await repositories.protections(of: scene.repository)
        let references = try await repositories.refs(of: scene.repository).refs.map(\.name)
            .filter { $0.isBranch || $0.isTag }
            .map { ref in
                BranchForms.Reference(
                    name: ref.shortName, isTag: ref.isTag, protection: protections.level(of: ref)?.rawValue)
            }
        return BranchForms(header: scene.header, references: references)
    }

    private func change(_ request: HubRequest, _ kind: RepositoryKind) async throws -> HubResponse {
        let scene = try await RepositoryScene.open(request, kind, web, .contentWrite)
        let form = try await web.form(request)
        let (repositories, repository) = (web.gateway.repositories, scene.repository)
        let name = form.text("name")
        let isTag = form.first("kind") == "tag"
        do {
            switch form.first("action") {
            case "create":
                let start = try form.first("from").map { text in
                    guard let revision = Revision(text) else {
                        throw HubError(.revisionNotFound, "'\(text)' is not a revision of \(repository.id).")
                    }
                    return revision
                }
                if isTag {
                    try await repositories.createTag(name, of: start, message: form.first("message"), in: repository)
                } else {
                    try await repositories.createBranch(name, from: start, in: repository)
                }
                return web.seeOther("\(scene.header.address("branches"))?done=created")
            case "delete":
                if isTag {
                    try await repositories.deleteTag(name, in: repository)
                } else {
                    try await repositories.deleteBranch(name, in: repository)
                }
                return web.seeOther("\(scene.header.address("branches"))?done=deleted")
            default: throw HubError(.badRequest, "A branch is created or deleted.")
            }
        } catch let error as HubError where error.belongsToForm {
            var forms = try await Self.forms(for: scene)
            forms.name = name
            forms.problem = error.message
            return try await web.page(request) { [forms] in forms.page($0) }
        }
    }
}
