import HubCore

extension PermissionMatrixTests {
    /// Pages: upstreams, syncs and jobs.
    static let webSync: [String: PermissionRow] = [
        "GET /console/sync": .account,
        "GET /console/sync/new": .hub(.mirrorSync),
        "POST /console/sync/plan": PermissionRow(access: .hub(.mirrorSync), passes: 403),
        "POST /console/sync/start": PermissionRow(access: .hub(.mirrorSync), passes: 403),
        "POST /console/sync/pause": PermissionRow(access: .hub(.mirrorSync), passes: 403),
        "POST /console/sync/resume": PermissionRow(access: .hub(.mirrorSync), passes: 403),
        "GET /console/jobs/{job}": .account,
        "POST /console/jobs/{job}/pause": PermissionRow(access: .hub(.mirrorSync), passes: 403),
        "POST /console/jobs/{job}/resume": PermissionRow(access: .hub(.mirrorSync), passes: 403),
        "POST /console/jobs/{job}/cancel": PermissionRow(access: .hub(.mirrorSync), passes: 403),
        "POST /console/jobs/{job}/retry": PermissionRow(access: .hub(.mirrorSync), passes: 403),
        "GET /console/upstreams": .account,
        "GET /console/upstreams/{upstream}": .account,
        "POST /console/upstreams/{upstream}/test": PermissionRow(access: .hub(.mirrorSync), passes: 403),
        "GET /events": PermissionRow(access: .account, passes: 400),
    ]
}
