package import HubCore
package import MirrorGateway
import NIOCore
import Policies

/// One line of the catalogue as its interface and the command line write it.
package struct CatalogueItem: Sendable {
    /// What an upstream has.
    let entry: RemoteEntry?
    /// What is here and no upstream told of.
    let summary: RepositorySummary?
    /// Its name here, or the one it would have.
    let name: RepositoryID?
    /// What policy says of it as a whole; nil for local content.
    let outcome: (outcome: String, reason: String)?

    package init(_ entry: RemoteEntry, browser: CatalogueBrowser?, user: String?) {
        self.entry = entry
        summary = nil
        name = browser?.localName(of: entry) ?? entry.local?.repository
        outcome = browser?.decision(on: entry, user: user).map { ($0.outcome.rawValue, $0.explanation) }
    }

    init(_ summary: RepositorySummary) {
        entry = nil
        self.summary = summary
        name = summary.repository.id
        outcome = nil
    }
}

extension LocalCopy {
    /// `syncing`, `behind`, `current`, or `known` for what has a name here and no content.
    package var word: String {
        if isSyncing { return "syncing" }
        if isBehind { return "behind" }
        return hasContent ? "current" : "known"
    }
}

/// Lines of JSON, for the command line.
package enum CatalogueLine {
    package static func json(_ write: (inout JSONWriter) -> Void) -> String {
        var json = JSONWriter()
        write(&json)
        return String(buffer: json.buffer)
    }
}

extension JSONWriter {
    package mutating func value(_ item: CatalogueItem) {
        if let entry = item.entry {
            object { json in json.members(entry, item) }
        } else if let summary = item.summary {
            object { json in json.members(summary) }
        } else {
            null()
        }
    }

    private mutating func members(_ entry: RemoteEntry, _ item: CatalogueItem) {
        let description = entry.description
        member("kind", entry.kind.rawValue)
        member("path", entry.path)
        member("mirror", entry.mirror)
        member("upstream", entry.upstream)
        member("name", item.name?.path)
        member("state", entry.state.rawValue)
        member("stateReason", entry.stateReason)
        time("stateSince", entry.stateSince)
        members(description)
        time("seenAt", entry.seenAt)
        time("describedAt", entry.describedAt)
        key("local")
        if let local = entry.local { value(local) } else { null() }
        key("decision")
        if let outcome = item.outcome {
            object { json in
                json.member("outcome", outcome.outcome)
                json.member("reason", outcome.reason)
            }
        } else {
            null()
        }
    }

    private mutating func members(_ description: RemoteDescription) {
        member("title", description.title)
        member("summary", description.summary)
        member("tags", description.tags)
        member("licenses", description.licenses)
        member("task", description.task)
        member("library", description.library)
        member("languages", description.languages)
        member("author", description.author)
        member("downloads", description.downloads)
        member("likes", description.likes)
        member("commit", description.commit?.hex)
        member("defaultBranch", description.defaultBranch)
        time("createdAt", description.createdAt)
        time("updatedAt", description.updatedAt)
        member("private", description.isPrivate)
        member("gated", description.isGated)
        member("totalSize", description.totalSize)
        member("fileCount", description.fileCount)
        member("parameters", description.parameters)
        object("parametersByType") { json in
            for (type, count) in description.parametersByType.sorted(by: { $0.key < $1.key }) {
                json.member(type, count)
            }
        }
    }

    /// What is here and is in no catalogue, in the same form.
    private mutating func members(_ summary: RepositorySummary) {
        let repository = summary.repository
        let card = Card(data: summary.card)
        var description = RemoteDescription(kind: repository.id.kind, path: repository.id.path)
        description.tags = summary.tags
        description.licenses = card.licenses
        description.task = card.pipelineTag
        description.library = card.libraryName
        description.languages = card.languages
        description.author = repository.id.namespace
        description.downloads = repository.downloads
        description.likes = repository.likes
        description.commit = summary.head
        description.defaultBranch = repository.defaultBranch
        description.createdAt = repository.createdAt
        description.updatedAt = repository.updatedAt
        description.isPrivate = repository.isPrivate
        description.isGated = repository.gating != .open
        var origin: Repository.Mirror?
        if case .mirror(let mirror) = repository.origin { origin = mirror }
        member("kind", repository.id.kind.rawValue)
        member("path", origin?.path ?? repository.id.path)
        member("mirror", origin?.mirror)
        member("upstream", origin?.upstream)
        member("name", repository.id.path)
        member("state", RemoteEntry.State.present.rawValue)
        member("stateReason", nil as String?)
        time("stateSince", repository.createdAt)
        members(description)
        time("seenAt", nil)
        time("describedAt", nil)
        key("local")
        value(
            LocalCopy(
                key: repository.key, repository: repository.id, head: summary.head, hasContent: summary.head != nil,
                checkedAt: nil, behindSince: nil, changesBehind: nil, newerCommit: nil))
        key("decision")
        null()
    }

    private mutating func value(_ local: LocalCopy) {
        object { json in
            json.member("repository", local.repository.path)
            json.member("status", local.word)
            json.member("head", local.head?.hex)
            json.time("checkedAt", local.checkedAt)
            json.time("behindSince", local.behindSince)
            json.member("changesBehind", local.changesBehind)
            json.member("newerCommit", local.newerCommit?.hex)
        }
    }

    mutating func time(_ name: String, _ milliseconds: Int64?) {
        member(name, milliseconds.map { JSONDate.text(milliseconds: $0) })
    }

    package mutating func value(_ counts: CatalogueCounts) {
        func list(_ name: String, _ counts: [CatalogueCounts.Count], _ json: inout JSONWriter) {
            json.array(name) { json in
                for count in counts {
                    json.object { json in
                        json.member("value", count.content)
                        json.member("count", count.count)
                    }
                }
            }
        }
        object { json in
            json.member("total", counts.total)
            list("kind", counts.kinds, &json)
            list("state", counts.states, &json)
            for facet in CatalogueFacet.allCases { list(facet.rawValue, counts.facets[facet] ?? [], &json) }
        }
    }

    /// - Parameters:
    ///   - type: nil where no policy file has the upstream any more.
    ///   - now: milliseconds since 1970.
    package mutating func value(_ source: CatalogueSource, type: String?, now: Int64) {
        object { json in
            json.member("mirror", source.mirror)
            json.member("upstream", source.upstream)
            json.member("type", type)
            json.member("phase", source.phase.rawValue)
            json.member("entries", source.entries)
            json.member("present", source.present)
            json.member("gone", source.gone)
            json.member("restricted", source.restricted)
            json.member("described", source.described)
            json.member("due", source.due)
            json.member("isBounded", source.isBounded)
            json.member("feedVersion", source.feedVersion)
            json.time("startedAt", source.startedAt)
            json.time("readAt", source.readAt)
            json.member("age", source.readAt.map { max(0, (now - $0) / 1_000) })
            json.time("listedAt", source.listedAt)
            json.member("waitsFor", source.waitsFor)
            json.time("waitsUntil", source.waitsUntil)
            json.member("lastError", source.failure)
            json.time("lastErrorAt", source.failedAt)
            json.time("refreshAskedAt", source.refreshAskedAt)
        }
    }
}
