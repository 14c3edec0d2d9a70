import Foundation
import HTTPTypes
import HubCore

extension CSGHubFixture {
    /// Sends JSON to a path below `/api/v1`.
    func send(
        _ method: HTTPRequest.Method, _ path: String, _ body: String = "", token: String? = nil
    ) async throws -> TestHub.Answer {
        var headers: HTTPFields = [:]
        if !body.isEmpty { headers[.contentType] = "application/json" }
        return try await hub.ask(routes, method, Self.base + path, token: token, headers: headers, body: body)
    }

    /// Makes `model:alice/m` as alice would, and returns her token.
    func made(_ body: String = #"{"namespace":"alice","name":"m","license":"mit"}"#) async throws -> String {
        let token = try await hub.token(for: "alice")
        let answer = try await send(.post, "/models", body, token: token)
        guard answer.status == 200 else { throw HubError(.internalError, answer.text) }
        return token
    }

    /// Sends a file as a form does, in the order that `requests` writes: fields first.
    func upload(
        _ bytes: [UInt8], to path: String, as filename: String, fields: [(String, String)], fileFirst: Bool = false,
        token: String?
    ) async throws -> TestHub.Answer {
        var form = fields.map { name, value in
            "--xyz\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n"
        }
        let file =
            "--xyz\r\nContent-Disposition: form-data; name=\"file\"; filename=\"\(filename)\"\r\n"
            + "Content-Type: application/octet-stream\r\n\r\n\(String(decoding: bytes, as: UTF8.self))\r\n"
        form.insert(file, at: fileFirst ? 0 : form.count)
        return try await hub.ask(
            routes, .post, Self.base + path, token: token,
            headers: [.contentType: "multipart/form-data; boundary=xyz"], body: form.joined() + "--xyz--\r\n")
    }
}

extension String {
    var base64: String { Data(utf8).base64EncodedString() }
}
