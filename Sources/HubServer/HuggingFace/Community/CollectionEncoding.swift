import HubCore

extension JSONWriter {
    /// A collection with the items it holds.
    /// - Parameter isListed: whether it is one of a list: clients count the places there themselves, and fail when they
    ///   are told them.
    mutating func collection(_ collection: RepositoryCollection, isListed: Bool = false) {
        object { json in
            json.member("slug", collection.slug)
            json.member("title", collection.title)
            if let description = collection.description { json.member("description", description) }
            json.owner(of: collection)
            json.array("items") { json in
                for item in collection.items { json.item(item) }
            }
            json.member("lastUpdated", JSONDate.text(milliseconds: collection.updatedAt))
            if !isListed { json.member("position", collection.position) }
            json.member("private", collection.isPrivate)
            json.member("theme", collection.theme)
            json.member("upvotes", 0)
            json.member("isUpvotedByUser", false)
        }
    }

    private mutating func owner(of collection: RepositoryCollection) {
        object("owner") { json in
            json.member("name", collection.namespace)
            json.member("fullname", collection.namespace)
            json.member("avatarUrl", "")
            json.member("type", collection.isUsers ? "user" : "org")
        }
    }

    private mutating func item(_ item: CollectionItem) {
        object { json in
            json.member("_id", item.id.description)
            json.member("position", item.position)
            switch item.subject {
            case .paper(let id):
                json.member("id", id)
                json.member("type", "paper")
            case .collection(let nested):
                json.member("id", nested.id.description)
                json.member("type", "collection")
                json.member("slug", nested.slug)
                json.member("title", nested.title)
                if let description = nested.description { json.member("description", description) }
                json.owner(of: nested)
                json.member("lastUpdated", JSONDate.text(milliseconds: nested.updatedAt))
                json.member("private", nested.isPrivate)
                json.member("theme", nested.theme)
                json.member("upvotes", 0)
                json.member("isUpvotedByUser", false)
            case .repository(let repository):
                json.member("id", repository.id.path)
                json.member("type", repository.id.kind.rawValue)
                json.member("author", repository.id.namespace)
                json.member("private", repository.isPrivate)
                json.member("likes", repository.likes)
                json.member("downloads", repository.downloads)
                json.member("lastModified", JSONDate.text(milliseconds: repository.updatedAt))
            }
            if let note = item.note {
                json.object("note") { $0.member("text", note) }
            }
        }
    }
}
