/// A file or a folder, before it is deleted.
package struct DeletePage: Sendable {
    package let place: ChangePlace
    package let path: String
    /// Files below a folder; nil for a file.
    package let fileCount: Int?
    /// Bytes that go.
    package let bytes: Int64
    package let base: EditPage.Base
    package var fields: ChangeFields
    package var refusal: (message: String, remedy: String?)?
    package var status = 200

    package init(
        place: ChangePlace, path: String, fileCount: Int?, bytes: Int64, base: EditPage.Base, fields: ChangeFields
    ) {
        self.place = place
        self.path = path
        self.fileCount = fileCount
        self.bytes = bytes
        self.base = base
        self.fields = fields
    }

    package func page(_ context: PageContext) -> Page {
        let t = context.t
        let size = t.bytes(bytes)
        let what = fileCount.map { t.deletesFolder($0, size) } ?? t.deletesFile(size)
        let form: HTML = """
            <input type="hidden" name="base" value="\(base.blob)"><input type="hidden" name="commit" value="\(base.commit)">\
            <div class="change-main"><section class="panel"><p>\(what)</p><p class="hint">\(t.deleteStays)</p>\
            \(fields.view(t))\
            <p class="actions">\(Button.submit(t.delete, style: .danger, icon: "trash-2"))\
            \(Button.link(t.cancel, to: place.address(fileCount == nil ? "blob" : "tree", path: path), style: .quiet))</p>\
            </section></div>
            """
        let body: HTML = """
            \(place.header.view(.files, context))
            <h2 class="change-title">\(t.deleteTitle)</h2>
            \(place.crumbs(path, t))
            \(refusal.map { refusal in
                Alert.view(
                    .bad, title: t.notCommitted,
                    "<p>\(refusal.message)</p>\(refusal.remedy.map { remedy -> HTML in "<p>\(remedy)</p>" })")
            })
            \(Form.post(place.address("delete", path: path), context, class: "change one", form))
            """
        return Page(
            title: "\(t.deleteTitle) · \(path)", section: place.header.kind.section, body: body, status: status)
    }
}

/// A file that cannot be changed as text.
package struct NotTextPage: Sendable {
    package let place: ChangePlace
    package let path: String
    package let bytes: Int64
    /// Whether it is kept as a large file.
    package let isLarge: Bool

    package init(place: ChangePlace, path: String, bytes: Int64, isLarge: Bool) {
        self.place = place
        self.path = path
        self.bytes = bytes
        self.isLarge = isLarge
    }

    package func page(_ context: PageContext) -> Page {
        let t = context.t
        let folder = path.split(separator: "/").dropLast().joined(separator: "/")
        let body: HTML = """
            \(place.header.view(.files, context))
            \(place.crumbs(path, t))
            \(Empty.view(
                title: t.notText, text: isLarge ? t.notTextLarge(t.bytes(bytes)) : t.notTextSmall(t.bytes(bytes)),
                action: Button.link(
                    t.uploadNewVersion, to: place.address("upload", path: folder), style: .primary, icon: "upload"),
                context))
            """
        return Page(title: "\(path) · \(place.header.path)", section: place.header.kind.section, body: body)
    }
}
