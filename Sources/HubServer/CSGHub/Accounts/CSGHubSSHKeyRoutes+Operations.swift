import HubCore

extension CSGHubSSHKeyRoutes {
    static let operations = APIOperationGroup(
        csghub: "Keys and tokens",
        [
            .get(
                "/user/{username}/ssh_keys", "csghubKeys", "Your own SSH keys.", query: [.per, .page],
                returns: .enveloped(.array(of: key))),
            .post(
                "/user/{username}/ssh_keys", "addCSGHubKey", "Adds an SSH key to your account.",
                body: .json(.object(["name": .text, "content": .text("The line of a public key file.")])),
                returns: .enveloped(key), refusing: [.forbidden, .conflict]),
            .delete(
                "/user/{username}/ssh_key/{name}", "removeCSGHubKey", "Removes an SSH key from your account.",
                captures: ["name": APICapture(.text("The key's name."))], returns: .done, refusing: [.forbidden]),
        ])

    private static let key = JSONSchema.named(
        "CSGHubKey",
        .object([
            "id": .integer, "git_id": .integer, "name": .text, "content": .text, "user_id": .integer,
            "fingerprint_sha256": .text, "created_at": .time, "updated_at": .time,
        ]))
}
