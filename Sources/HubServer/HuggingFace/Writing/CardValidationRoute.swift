import HTTPTypes
import HubCore

/// `POST /api/validate-yaml`: whether the front matter of a `README.md` can be read, before it is committed.
///
/// Clients read the body as JSON whatever the status.
struct CardValidationRoute: Sendable {
    let errors: any ErrorRendering

    private struct Body: Decodable {
        var content: String
    }

    private static let maximumBytes = 8 << 20

    var routes: [Route] {
        // Some clients ask without their token.
        [Route(.post, "/api/validate-yaml", .open, errors: errors, handler: answer)]
    }

    private func answer(_ request: HubRequest) async throws -> HubResponse {
        let content = Array(try await request.body.json(Body.self, upTo: Self.maximumBytes).content.utf8)
        do {
            try Card.validate(readme: content)
        } catch let error as HubError {
            return HubResponse.json(status: 400) { json in
                json.object { json in
                    json.member("error", error.message)
                    json.array("errors") { json in json.object { $0.member("message", error.message) } }
                    json.array("warnings") { _ in }
                }
            }
        }
        return HubResponse.json { json in
            json.object { json in
                json.array("errors") { _ in }
                json.array("warnings") { json in
                    guard Card(readme: content).data == nil else { return }
                    json.object { $0.member("message", "empty or missing yaml metadata in repo card") }
                }
            }
        }
    }
}
