import HubCore

extension JSONWriter {
    /// What lists and details show of a discussion, as members of the object that is being written.
    mutating func members(of discussion: Discussion, in id: RepositoryID) {
        member("num", discussion.num)
        member("title", discussion.title)
        author(discussion.author)
        member("createdAt", JSONDate.text(milliseconds: discussion.createdAt))
        member("status", discussion.status.rawValue)
        member("isPullRequest", discussion.isPullRequest)
        object("repo") { json in
            json.member("name", id.path)
            json.member("type", id.kind.rawValue)
        }
    }

    /// One event as `{id, type, createdAt, author, data}`.
    mutating func event(_ event: DiscussionEvent) {
        object { json in
            json.member("id", event.id.description)
            json.member("type", event.content.type)
            json.member("createdAt", JSONDate.text(milliseconds: event.createdAt))
            json.author(event.author)
            json.object("data") { $0.data(of: event) }
        }
    }

    /// Clients show whoever is missing as `deleted`.
    private mutating func author(_ name: String?) {
        object("author") { json in
            json.member("name", name ?? "deleted")
            json.member("fullname", name ?? "deleted")
            json.member("avatarUrl", "")
            json.member("type", "user")
        }
    }

    private mutating func version(_ text: String, by author: String?, at time: Int64) {
        member("raw", text)
        member("html", "<p>\(text.escapedForHTML)</p>")
        member("updatedAt", JSONDate.text(milliseconds: time))
        self.author(author)
    }

    private mutating func data(of event: DiscussionEvent) {
        switch event.content {
        case .comment(let text, let edits, let isHidden):
            let shown = isHidden ? "This comment has been hidden" : text
            member("edited", edits > 0)
            member("hidden", isHidden)
            member("numEdits", edits)
            object("latest") { $0.version(shown, by: event.author, at: event.updatedAt) }
            array("history") { json in
                for version in event.history {
                    json.object { $0.version(version.text, by: version.author, at: version.writtenAt) }
                }
            }
            guard let hiding = event.hiding else { return }
            member("hiddenBy", hiding.author)
            member("hiddenAt", JSONDate.text(milliseconds: hiding.at))
            // For whoever looks after the discussion; everybody else has not got it here.
            if let text = event.concealed {
                object("concealed") { $0.version(text, by: event.author, at: event.updatedAt) }
            }
        case .status(let status): member("status", status.rawValue)
        case .commit(let subject, let id):
            member("subject", subject)
            member("oid", id)
        case .title(let from, let to):
            member("from", from)
            member("to", to)
        }
    }
}

extension DiscussionEvent.Content {
    fileprivate var type: String {
        switch self {
        case .comment: "comment"
        case .status: "status-change"
        case .commit: "commit"
        case .title: "title-change"
        }
    }
}

extension String {
    /// Text between tags: nothing in it is markup.
    fileprivate var escapedForHTML: String {
        var escaped = ""
        for scalar in unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&#39;"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
