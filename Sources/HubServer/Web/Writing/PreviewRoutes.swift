import HTTPTypes
import HubCore
import MirrorGateway
import WebPages

/// Markdown as it will look, while it is being written.
struct PreviewRoutes: Sendable {
    let web: WebContext

    func routes(for kind: RepositoryKind, at base: String) -> [Route] {
        [
            Route(.post, base + "/preview", .repository(.discuss), errors: web.errors) { request in
                let scene = try await RepositoryScene.open(request, kind, web, .discuss)
                let form = try await web.form(request, upTo: 8 << 20)
                return try await web.page(request) { context in
                    PreviewPage(
                        header: scene.header, text: EditedText.normalized(form.text("text"), like: nil)
                    ).page(context)
                }
            }
        ]
    }
}
