/// Files from one's own machine, many at once.
package struct UploadPage: Sendable {
    package let place: ChangePlace
    /// The folder they go to; empty for the root.
    package let folder: String
    package var fields: ChangeFields
    package var refusal: (message: String, remedy: String?)?
    package var status = 200

    package init(place: ChangePlace, folder: String, fields: ChangeFields) {
        self.place = place
        self.folder = folder
        self.fields = fields
    }

    package func page(_ context: PageContext) -> Page {
        let t = context.t
        let body: HTML = """
            \(place.header.view(.files, context))
            <h2 class="change-title">\(t.uploadTitle)</h2>
            \(place.crumbs(folder, t))
            \(refusal.map { refusal in
                Alert.view(
                    .bad, title: t.notCommitted,
                    "<p>\(refusal.message)</p>\(refusal.remedy.map { remedy -> HTML in "<p>\(remedy)</p>" })")
            })
            <form class="change" method="post" enctype="multipart/form-data" action=\(url: place.address("upload", path: folder)) \
            data-island=\(url: context.assets.own("upload.mjs")) \
            data-plan=\(url: place.address("upload-plan")) data-commit=\(url: place.address("upload-commit")) \
            data-piece=\(url: place.address("upload-piece")) data-folder="\(folder)" \(words(t))>\
            \(Form.guardField(context))\
            <div class="change-main"><div class="drop" data-drop>\(Icon.view("upload"))\
            <label class="drop-label" for="files">\(t.uploadChoose)</label>\
            <input id="files" type="file" name="files" multiple aria-describedby="files-hint">\
            <p class="hint" id="files-hint">\(t.uploadHint)</p></div>\
            <div class="alert bad" role="alert" data-problem hidden></div>\
            <ul class="uploads" data-list aria-label="\(t.uploadList)"></ul></div>\
            <aside class="change-side"><section class="panel" aria-labelledby="commit-head">\
            <h3 id="commit-head">\(t.commitChanges)</h3>\(fields.view(t))\
            <p class="actions">\(Button.submit(t.commitAction, style: .primary, icon: "check"))\
            \(Button.link(t.cancel, to: place.address("tree", path: folder), style: .quiet))</p>\
            <div data-total hidden><progress aria-label="\(t.uploadTotal)" max="1" value="0"></progress>\
            <span class="progress-note" role="status"></span></div>\
            <noscript><p class="hint">\(t.uploadNoScript)</p></noscript></section></aside></form>
            """
        return Page(
            title: "\(t.uploadTitle) · \(place.header.path)", section: place.header.kind.section, body: body,
            status: status)
    }

    /// What the script says, in the reader's language.
    private func words(_ t: L10n) -> HTML {
        """
        data-say-waiting="\(t.uploadWaiting)" data-say-done="\(t.uploadDone)" data-say-failed="\(t.uploadFailed)" \
        data-say-large="\(t.uploadLarge)" data-say-ignored="\(t.uploadIgnored)" data-say-retry="\(t.uploadRetry)" \
        data-say-remove="\(t.uploadRemove)" data-say-replaces="\(t.uploadReplaces)" \
        data-say-resumed="\(t.uploadResumed)" data-say-committing="\(t.uploadCommitting)" \
        data-say-none="\(t.uploadNone)" data-say-unfinished="\(t.uploadUnfinished)" \
        data-say-offline="\(t.uploadOffline)"
        """
    }
}
