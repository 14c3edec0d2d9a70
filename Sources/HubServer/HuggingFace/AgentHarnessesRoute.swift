import HTTPTypes
import HubCore

/// `GET /api/agent-harnesses`: a list that clients ask for once a day and may not get.
struct AgentHarnessesRoute: Sendable {
    let errors: any ErrorRendering

    var routes: [Route] {
        [
            Route(.get, "/api/agent-harnesses", .open, errors: errors) { _ in
                throw HubError(.notFound, "This hub keeps no list of agent harnesses.")
            }
        ]
    }
}
