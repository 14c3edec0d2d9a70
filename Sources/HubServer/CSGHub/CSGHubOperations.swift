/// Words with which the routes of this surface say what they do.
extension APIOperationGroup {
    /// Operations below `/api/v1/{kind}/{namespace}/{name}`.
    init(ofRepository name: String, _ operations: [APIOperation]) {
        self.init(name, at: "\(CSGHubContext.base)/\(CSGHubContext.kinds)/{namespace}/{name}", operations)
    }

    /// Operations below `/api/v1`.
    init(csghub name: String, _ operations: [APIOperation]) {
        self.init(name, at: CSGHubContext.base, operations)
    }
}

extension APIAnswer {
    /// `{"msg":"OK","data":…}`.
    static func enveloped(_ data: JSONSchema, _ meaning: String = "Done.") -> APIAnswer {
        .json(.object(["msg": .constant("OK"), "data": data]), meaning)
    }

    /// `{"msg":"OK","data":[…],"total":N}`; without `total` when nothing was found.
    static func list(of element: JSONSchema) -> APIAnswer {
        .json(
            .object([
                "msg": .constant("OK"), "data": .array(of: element),
                "total": .integer(1...Int64.max, "How many there are on all pages.").optional,
            ]), "One page.")
    }

    /// A list of something that belongs to an account: CSGHub's other word, and a `total` even of nothing.
    static func accountList(of element: JSONSchema) -> APIAnswer {
        .json(
            .object([
                "msg": .constant("OK"), "message": .constant("OK"), "data": .array(of: element), "total": .total,
            ]), "One page.")
    }

    /// `{"msg":"OK","data":{"data":[…],"total":N}}`.
    static func nestedList(of element: JSONSchema) -> APIAnswer {
        .json(
            .object([
                "msg": .constant("OK"), "data": .object(["data": .array(of: element), "total": .total]),
            ]), "One page.")
    }

    /// `{"msg":"OK"}`.
    static let done = APIAnswer.json(.named("CSGHubDone", .object(["msg": .constant("OK")])))

    /// The commit that was made.
    static let committed = APIAnswer.enveloped(.object(["commit_id": .commitID]))
}

extension JSONSchema {
    fileprivate static let total = count.meaning("How many there are on all pages.")
}

extension APIParameter {
    static let ref = APIParameter("ref", .text("A branch, tag or commit; the default branch by default."))
    static let page = APIParameter("page", .integer(1...1_000_000, "Counted from 1."))
    static let per = APIParameter("per", .integer(1...100, "Elements of a page; 50 by default."))
    static let treeCursor = APIParameter("cursor", .text("From the page before."))
    static let treeLimit = APIParameter("limit", .integer(1...1_000, "Entries of a page; 500 by default."))
}

extension APICapture {
    static let organisation = APICapture(.text("An organisation's name."))
    static let number = APICapture(.integer(1...Int64.max))
}
