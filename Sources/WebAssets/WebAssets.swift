/// Scripts, styles and pictures of our own, as they are sent.
package enum WebAssets {
    /// The sheets of `weir.css`, in the order of their layers.
    package static let styles: [[UInt8]] = [
        PackageResources.tokens_css, PackageResources.base_css, PackageResources.components_css,
        PackageResources.markdown_css, PackageResources.catalogue_css, PackageResources.repository_css,
        PackageResources.writing_css, PackageResources.viewer_css, PackageResources.console_css,
        PackageResources.account_css,
    ]

    /// What is sent as it is, by name.
    package static let files: [String: [UInt8]] = [
        "shell.mjs": PackageResources.shell_mjs,
        "live.mjs": PackageResources.live_mjs,
        "facets.mjs": PackageResources.facets_mjs,
        "palette.mjs": PackageResources.palette_mjs,
        "viewer.mjs": PackageResources.viewer_mjs,
        "mark.svg": PackageResources.mark_svg,
        "editor.mjs": PackageResources.editor_mjs,
        "upload.mjs": PackageResources.upload_mjs,
        "math.mjs": PackageResources.math_mjs,
        "mermaid.mjs": PackageResources.mermaid_mjs,
        "mermaid-frame.mjs": PackageResources.mermaid_frame_mjs,
        "lines.mjs": PackageResources.lines_mjs,
        "files.mjs": PackageResources.files_mjs,
    ]
}
