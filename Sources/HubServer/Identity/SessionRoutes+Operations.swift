import HubCore

extension SessionRoutes {
    static let operations = APIOperationGroup(
        "Sessions", at: IdentitySurface.base + "/sessions",
        [
            .post(
                "", "signIn", "Begins a session with a password; another session of the same browser ends.",
                body: .json(.object(["user": .text, "password": .text])),
                returns: .json(named, status: 201, "The cookie carries the session.").with(
                    APIHeader("Set-Cookie", .text("The session."), isRequired: true)),
                refusing: [.tooManyRequests]),
            .get(
                "", "listSessions", "Your sessions.",
                returns: .json(
                    .object([
                        "sessions": .array(
                            of: .named(
                                "Session",
                                session.adding(["isCurrent": .boolean("Whether the request came in it.")])))
                    ])),
                refusing: [.forbidden]),
            .delete("", "endSessions", "Ends all your sessions.", returns: signedOut),
            .get(
                "/current", "currentSession", "The session the request came in, and whose it is.",
                returns: .json(named), refusing: [.forbidden, .notFound]),
            .delete(
                "/current", "signOut", "Ends the session the request came in.", returns: signedOut,
                refusing: [.notFound]),
            .delete(
                "/{session}", "endSession", "Ends one of your sessions.",
                captures: ["session": APICapture(.text("The session's number."))], returns: .empty()),
        ])

    private static let signedOut = APIAnswer.empty().with(
        APIHeader("Set-Cookie", .text("Takes the session from the browser."), isRequired: true))

    private static let session = JSONSchema.object([
        "id": .hexadecimal, "createdAt": .time, "lastSeenAt": .time.meaning("To the minute."),
        "expiresAt": .time.meaning("When it ends, however busy it is."),
        "address": .text("From where it began.").orNull, "client": .text("What the browser called itself.").orNull,
    ])

    private static let named = JSONSchema.named(
        "CurrentSession", session.adding(["user": .text, "isAdministrator": .boolean]))
}
