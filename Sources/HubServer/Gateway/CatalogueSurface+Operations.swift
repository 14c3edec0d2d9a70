import HubCore
import MirrorGateway

extension CatalogueSurface {
    static let operations = APIOperationGroup(
        "Catalogue", at: base,
        [
            .get(
                "/catalog", "listCatalogue", "What is here and what upstreams have, in one list.",
                query: [
                    APIParameter(
                        "source",
                        .words(["all", "local", "remote"], "Where to look; `all` names each repository once.")
                    ),
                    APIParameter("upstream", .text("Only this upstream, as of `/catalog/{upstream}`.")),
                ] + filters + paging, returns: .json(list).with(next), refusing: [.notFound]),
            .get(
                "/catalog/{upstream}", "listUpstream", "What an upstream has, whether or not anything of it is here.",
                captures: captures, query: filters + paging, returns: .json(list).with(next), refusing: [.notFound]),
            .get(
                "/catalog/updates", "listUpdates", "Repositories that are here and behind what their upstream has.",
                query: [APIParameter("upstream", .text("Only of this upstream."))] + filters + paging,
                returns: .json(list).with(next), refusing: [.notFound]),
            .get(
                "/catalog/{upstream}/{kind}/{namespace}/{name}", "showCatalogueEntry",
                "What an upstream tells of one repository, how it stands, and what policy says of it.",
                captures: captures, returns: .json(entry), refusing: [.notFound]),
            .get(
                "/catalog/{upstream}/{kind}/{namespace}/{name}/files", "listRemoteFiles",
                "Every file of a revision, as the upstream lists it now.", captures: captures,
                query: [
                    APIParameter("rev", .text("A branch, tag or commit; the default branch by default.")),
                    APIParameter("limit", .integer(1...10_000, "Files of one answer; 1000 by default.")),
                    APIParameter("cursor", .text("`next` of the answer before.")),
                ], returns: .json(files).with(next), refusing: [.notFound]),
            CatalogueHeadersRoute.operation,
            .get(
                "/catalog:status", "catalogueStatus",
                "How far each upstream was looked through, and what it waits for.",
                returns: .json(.object(["offline": .boolean, "upstreams": .array(of: source)]))),
            .post(
                "/catalog:refresh", "refreshCatalogue", "Has upstreams looked through now.",
                query: [
                    APIParameter("upstream", .text("Only this one.")),
                    APIParameter("mirror", .text("Only of this mirror.")),
                ],
                returns: .json(
                    .object(["upstreams": .array(of: .object(["mirror": .text, "upstream": .text]))]),
                    status: 202, "They will be."), refusing: [.notFound]),
        ])

    static let captures = [
        "upstream": APICapture(.text("An upstream's name, its mirror's, or `mirror.upstream`.")),
        "kind": APICapture(.words(of: RepositoryKind.self, "What the repository holds.")),
        "namespace": APICapture(.text("The repository's owner at the upstream.")),
        "name": APICapture(.text("The repository's name there, in any case.")),
    ]

    private static let next = APIHeader("Link", .text("The next page, as `rel=\"next\"`."))

    private static let filters = [
        APIParameter("q", .text("Words that each are in the name, or begin a word of title, tags or summary.")),
        APIParameter("kind", .words(of: RepositoryKind.self)),
        APIParameter("mirror", .text("Only of this mirror.")),
        APIParameter("author", .text("Owner at the upstream.")),
        APIParameter("task", .text("Such as `text-generation`; may be repeated.")),
        APIParameter("library", .text("Such as `transformers`; may be repeated.")),
        APIParameter("language", .text("Such as `zh`; may be repeated.")),
        APIParameter("license", .text("Such as `apache-2.0`; with several, any of them.")),
        APIParameter("tag", .text("A tag; may be repeated.")),
        APIParameter("state", .text("`present` by default; `gone`, `restricted`, several with commas, or `any`.")),
        APIParameter("mirrored", .boolean("Whether it is here.")),
        APIParameter("behind", .boolean("Whether it is here and behind.")),
    ]

    private static let paging = [
        APIParameter("sort", .words(of: CatalogueQuery.Order.self, "`relevance` by default.")),
        APIParameter(
            "direction", .words(["asc", "desc"], "The largest and newest first by default; names begin with A.")),
        APIParameter("cursor", .text("`next` of the answer before.")),
        APIParameter("limit", .integer(1...200, "Entries of one answer; 50 by default.")),
        APIParameter("facets", .boolean("Whether to count what the whole list says.")),
    ]

    private static let entry = JSONSchema.named(
        "CatalogueEntry",
        .object([
            "kind": .words(of: RepositoryKind.self), "path": .text("Its name at the upstream."),
            "mirror": .text("Null for what lives here.").orNull, "upstream": .text.orNull,
            "name": .text("Its name here, or the one it would have; null where the mirror leaves it out.").orNull,
            "state": .words(of: RemoteEntry.State.self), "stateReason": .text.orNull, "stateSince": .time.orNull,
            "title": .text.orNull, "summary": .text.orNull, "tags": .array(of: .text), "licenses": .array(of: .text),
            "task": .text.orNull, "library": .text.orNull, "languages": .array(of: .text), "author": .text.orNull,
            "downloads": .count.orNull, "likes": .count.orNull, "commit": .commitID.orNull,
            "defaultBranch": .text.orNull, "createdAt": .time.orNull, "updatedAt": .time.orNull,
            "private": .boolean("Only our credentials show it."), "gated": .boolean,
            "totalSize": .count.meaning("Bytes.").orNull, "fileCount": .count.orNull, "parameters": .count.orNull,
            "parametersByType": .map(of: .count, "Such as `BF16`."), "seenAt": .time.orNull,
            "describedAt": .time.meaning("Null while only its name is known.").orNull, "local": copy.orNull,
            "decision": .object(["outcome": .text("`allow`, `review` or `deny`."), "reason": .text]).orNull,
        ]))

    private static let copy = JSONSchema.named(
        "LocalCopy",
        .object([
            "repository": .text("Its name here."),
            "status": .words(["current", "behind", "syncing", "known"], "`known` has a name and no content."),
            "head": .commitID.orNull, "checkedAt": .time.orNull,
            "behindSince": .time.orNull,
            "changesBehind": .count.meaning("Changes that the upstream told of since.").orNull,
            "newerCommit": .commitID.orNull,
        ]))

    private static let count = JSONSchema.array(of: .object(["value": .text, "count": .count]))
    private static let counts = JSONSchema.named(
        "CatalogueFacets",
        .object([
            "total": .count, "kind": count, "state": count, "task": count, "library": count, "language": count,
            "license": count, "tag": count,
        ]))

    private static let list = JSONSchema.named(
        "CatalogueList",
        .object([
            "entries": .array(of: entry), "next": .text.orNull, "facets": counts.optional,
            "remarks": .array(of: .text, "What kept an upstream from being searched."),
        ]))

    private static let files = JSONSchema.named(
        "RemoteFiles",
        .object([
            "kind": .words(of: RepositoryKind.self), "path": .text, "revision": .text, "commit": .commitID.orNull,
            "total": .count, "totalSize": .count.meaning("Bytes."),
            "files": .array(of: .object(["path": .text, "size": .count, "sha256": .sha256.orNull])),
            "next": .text.orNull,
        ]))

    private static let source = JSONSchema.named(
        "CatalogueSource",
        .object([
            "mirror": .text, "upstream": .text, "type": .words(of: UpstreamType.self).orNull,
            "phase": .words(of: CatalogueSource.Phase.self), "entries": .count, "present": .count, "gone": .count,
            "restricted": .count, "described": .count, "due": .count.meaning("Repositories to be asked about."),
            "isBounded": .boolean("Whether it has more, which is found by searching."), "feedVersion": .count,
            "startedAt": .time.orNull, "readAt": .time.orNull, "age": .count.meaning("Seconds since `readAt`.").orNull,
            "listedAt": .time.orNull, "waitsFor": .text.orNull, "waitsUntil": .time.orNull, "lastError": .text.orNull,
            "lastErrorAt": .time.orNull, "refreshAskedAt": .time.orNull,
        ]))
}
