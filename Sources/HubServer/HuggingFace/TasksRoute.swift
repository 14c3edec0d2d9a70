import HTTPTypes
import HubCore

/// `GET /api/tasks`: the tasks that models are for. Clients look here for a model that is served for a task where their
/// callers name none; no model is served here.
struct TasksRoute: Sendable {
    let errors: any ErrorRendering

    var routes: [Route] {
        [
            Route(.get, "/api/tasks", .open, errors: errors) { _ in
                .json { json in
                    json.object { json in
                        for task in TagCatalogue.entries(.pipelineTag) {
                            json.object(task.value) { json in
                                json.member("id", task.value)
                                json.member("label", task.label)
                                for name in ["widgetModels", "models", "datasets", "spaces"] {
                                    json.array(name) { _ in }
                                }
                            }
                        }
                    }
                }
            }
        ]
    }
}
