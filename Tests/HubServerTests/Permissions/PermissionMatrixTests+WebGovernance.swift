import HubCore

extension PermissionMatrixTests {
    /// Pages: the console's overview, policies, explanations, approvals, bundles, recommendations.
    static let webGovernance: [String: PermissionRow] = [
        "GET /console": .everyone,
        "GET /console/policies": .account,
        "POST /console/policies/reload": PermissionRow(access: .administrator, passes: 403),
        "GET /console/policies/try": .hub(.mirrorSync),
        "POST /console/policies/try": PermissionRow(access: .hub(.mirrorSync), passes: 403),
        "GET /console/policies/{name}": .hub(.auditRead),
        // Opens the repository that the query names, as its REST twin does.
        "GET /console/explain": .everyone,
        "GET /console/approvals": .account,
        "POST /console/approvals/request": PermissionRow(access: .account, passes: 403),
        "GET /console/approvals/{approval}": .account,
        "POST /console/approvals/{approval}/approve": .account,
        "POST /console/approvals/{approval}/reject": .account,
        "POST /console/approvals/{approval}/withdraw": .account,
        "GET /console/bundles": .hub(.auditRead),
        "POST /console/bundles/preview": PermissionRow(access: .hub(.mirrorSync), passes: 403),
        "POST /console/bundles/export": PermissionRow(access: .hub(.mirrorSync), passes: 403),
        "POST /console/bundles/verify": PermissionRow(access: .hub(.mirrorSync), passes: 403),
        "POST /console/bundles/import": PermissionRow(access: .hub(.mirrorSync), passes: 403),
        "GET /console/bundles/{bundle}": .hub(.auditRead),
        "GET /console/bundles/{bundle}/content": .hub(.mirrorSync),
        "GET /console/recommendations": .account,
    ]
}
