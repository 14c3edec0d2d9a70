import HubCore

extension LFSBatchAnswer {
    /// For an object id or a size that cannot be.
    static var malformed: LFSBatchAnswer {
        .error(code: 422, message: "The object id must be 64 lower-case hex digits and the size not negative.")
    }
}

extension LFSSurface {
    static func render(
        _ objects: [LFSBatchRequest.Object], _ answers: [LFSBatchAnswer], transfer: UploadTransfer
    ) -> HubResponse {
        HubResponse.json { json in
            json.object { json in
                json.member("transfer", transfer.rawValue)
                json.array("objects") { json in
                    for (object, answer) in zip(objects, answers) { write(answer, of: object, to: &json) }
                }
                json.member("hash_algo", "sha256")
            }
        }.with("Content-Type", LFSErrorRendering.mediaType)
    }

    private static func write(
        _ answer: LFSBatchAnswer, of object: LFSBatchRequest.Object, to json: inout JSONWriter
    ) {
        json.object { json in
            json.member("oid", object.oid)
            json.member("size", object.size)
            switch answer {
            case .actions(let actions):
                json.member("authenticated", true)
                json.object("actions") { json in
                    for action in actions { write(action, to: &json) }
                }
            case .present: break
            case .error(let code, let message):
                json.object("error") { json in
                    json.member("code", code)
                    json.member("message", message)
                }
            }
        }
    }

    private static func write(_ action: LFSAction, to json: inout JSONWriter) {
        json.object(action.name) { json in
            json.member("href", action.href)
            if !action.headers.isEmpty {
                json.object("header") { json in
                    for header in action.headers { json.member(header.name, header.value) }
                }
            }
            json.member("expires_in", action.expiresIn)
        }
    }
}
