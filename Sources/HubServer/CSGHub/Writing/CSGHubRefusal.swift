import HubCore

/// A refusal with a number of CSGHub's own, where clients look for that number (wire/csghub.md §2.1).
struct CSGHubRefusal: Error, Equatable {
    let code: String
    /// The same in the words of all surfaces.
    let cause: HubError.Code
    let status: Int
    let message: String

    /// `csghub-sdk` takes this for success: the file is there.
    static func fileExists(_ error: HubError) -> CSGHubRefusal {
        CSGHubRefusal(code: "GIT-ERR-20", cause: .conflict, status: 409, message: error.line)
    }

    static func invalidName(_ text: String) -> CSGHubRefusal {
        CSGHubRefusal(
            code: "REPO-ERR-1", cause: .badRequest, status: 400,
            message: "'\(text)' is not a valid name: use letters, digits, '.', '_' and '-', beginning with the former.")
    }

    func response(to request: HubRequest) -> HubResponse {
        .json(status: status) { json in
            json.object { json in
                json.member("code", code)
                json.member("msg", "\(code): \(message)")
                json.member("trace_id", request.id.text)
            }
        }.with("X-Error-Code", cause.rawValue)
    }
}
