/// Somebody else changed the same file meanwhile: theirs, yours, and what is to be committed.
package struct ConflictPage: Sendable {
    package let place: ChangePlace
    package let path: String
    /// The file as it is now; nil when it was deleted.
    package let theirs: String?
    /// What was typed.
    package let yours: String
    package let merged: ThreeWayMerge
    /// What the next attempt is based on; nil where the file is gone and would be made anew.
    package let base: EditPage.Base?
    package let fields: ChangeFields
    /// Whose the other change is, and what he called it.
    package let theirCommit: (author: String, summary: String, id: String)?

    package init(
        place: ChangePlace, path: String, theirs: String?, yours: String, merged: ThreeWayMerge, base: EditPage.Base?,
        fields: ChangeFields, theirCommit: (author: String, summary: String, id: String)?
    ) {
        self.place = place
        self.path = path
        self.theirs = theirs
        self.yours = yours
        self.merged = merged
        self.base = base
        self.fields = fields
        self.theirCommit = theirCommit
    }

    package func page(_ context: PageContext) -> Page {
        let t = context.t
        let state =
            theirs == nil
            ? t.conflictDeleted : merged.conflicts == 0 ? t.conflictJoined : t.conflictCount(merged.conflicts)
        let body: HTML = """
            \(place.header.view(.files, context))
            <h2 class="change-title">\(t.conflictTitle)</h2>
            \(place.crumbs(path, t))
            \(Alert.view(.warn, title: t.conflictExplained, "<p>\(state)</p>\(theirLine(t))"))
            <div class="conflict-sides">\(side(t.conflictTheirs, theirs ?? "", "theirs"))\(side(t.conflictYours, yours, "yours"))</div>
            \(Form.post(address, context, class: "change", form(context)))
            """
        return Page(
            title: "\(t.conflictTitle) · \(path)", section: place.header.kind.section, body: body, status: 409,
            hasEditor: true, isWide: true)
    }

    /// A file that is gone is made anew, in the folder it was in.
    private var address: String {
        guard base == nil else { return place.address("edit", path: path) }
        return place.address("new")
    }

    private func theirLine(_ t: L10n) -> HTML {
        guard let theirCommit else { return HTML() }
        return """
            <p><a href=\(url: place.header.address("commit", revision: theirCommit.id))>\(theirCommit.summary)</a> · \
            \(theirCommit.author)</p>
            """
    }

    private func side(_ title: String, _ text: String, _ id: String) -> HTML {
        """
        <section class="panel"><h3 id="\(id)-head">\(title)</h3>\
        <pre class="conflict-text mono" tabindex="0" role="region" aria-labelledby="\(id)-head">\(text)</pre></section>
        """
    }

    private func form(_ context: PageContext) -> HTML {
        let t = context.t
        let hidden: HTML =
            base.map { base -> HTML in
                """
                <input type="hidden" name="base" value="\(base.blob)">\
                <input type="hidden" name="commit" value="\(base.commit)">
                """
            } ?? "<input type=\"hidden\" name=\"name\" value=\"\(path)\">"
        return """
            \(hidden)<div class="change-main"><div class="editor" data-island=\(url: context.assets.own("editor.mjs"))\
            \(attribute: "data-codemirror", context.assets.vendor("codemirror/index.js"))\
            \(attribute: "data-nonce", context.nonce) data-file="\(path)">\
            <div class="editor-bar"><label for="text">\(t.conflictResult)</label></div>\
            <textarea id="text" name="text" rows="24" class="mono" spellcheck="false">
            \(merged.text)</textarea></div></div>\
            <aside class="change-side"><section class="panel" aria-labelledby="commit-head">\
            <h3 id="commit-head">\(t.commitChanges)</h3>\(fields.view(t))\
            <p class="actions">\(Button.submit(t.conflictCommit, style: .primary, icon: "check", name: "action", value: "commit"))\
            \(Button.link(t.cancel, to: place.address("blob", path: path), style: .quiet))</p></section></aside>
            """
    }
}
