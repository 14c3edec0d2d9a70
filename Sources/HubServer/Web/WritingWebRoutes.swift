import HTTPTypes
import HubCore
import MirrorGateway
import WebPages

/// Pages: changing a repository in the browser.
struct WritingWebRoutes: Sendable {
    let web: WebContext

    var routes: [Route] {
        CreationRoutes(web: web).routes
            + RepositoryScene.kinds.flatMap { kind, word -> [Route] in
                let base = "/\(word)/{namespace}/{name}"
                return EditRoutes(web: web).routes(for: kind, at: base)
                    + UploadRoutes(web: web).routes(for: kind, at: base)
                    + PreviewRoutes(web: web).routes(for: kind, at: base)
                    + BranchWebRoutes(web: web).routes(for: kind, at: base)
            }
    }
}
