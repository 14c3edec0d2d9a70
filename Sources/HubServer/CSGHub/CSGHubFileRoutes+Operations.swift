import HTTPTypes
import HubCore

extension CSGHubFileRoutes {
    static let operations = APIOperationGroup(
        ofRepository: "Files",
        [
            .get(
                "/raw/{path...}", "readText", "A file's text; of a large file, its pointer.", query: [.ref],
                returns: .enveloped(.text), refusing: refusals),
            .get(
                "/blob/{path...}", "readFile", "A file with its facts and, up to 5 MiB, its content in base64.",
                query: [.ref], returns: .enveloped(.csghubFile), refusing: refusals),
            APIOperation(
                method: .get, path: "/download/{path...}", id: "downloadFile",
                summary: "A file's bytes to be saved, or with `lfs=true` a link to them that needs no credentials.",
                parameters: [.ref, APIParameter("lfs", .boolean("Whether a link is wanted.")), .range],
                answers: [
                    APIAnswer(
                        status: 200, meaning: "The bytes, or the link.",
                        content: [
                            ("application/json", .object(["msg": .constant("OK"), "data": .text])),
                            ("application/octet-stream", nil), ("text/plain", nil),
                        ])
                ] + partial, refusals: refusals),
            APIOperation(
                method: .get, path: "/resolve/{path...}", id: "resolveFile", summary: "A file's bytes.",
                parameters: [.ref, .range],
                answers: [.bytes("application/octet-stream", "text/plain")] + partial, refusals: refusals),
        ])

    private static let refusals: [HubError.Code] = [.payloadTooLarge, .upstreamRefused, .storageCorrupt, .storageFull]

    private static let partial: [APIAnswer] = [
        .bytes("application/octet-stream", "text/plain", status: 206, meaning: "The bytes that `Range` asks for."),
        .empty(304, "Not changed, as `If-None-Match` asks."), .empty(412, "Changed, against `If-Match`."),
        .empty(416, "`Range` begins behind the end."),
    ]
}

extension APIParameter {
    static let range = APIParameter("Range", .text("Such as `bytes=0-99`."), in: .header)
}
