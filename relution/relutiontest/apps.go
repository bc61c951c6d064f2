package relutiontest

// appFields are the fields of installed apps, of both versions.
var appFields = schemaOf(map[kind]string{
	text: `uuid deviceUuid identifier name internalName versionName shortVersion versionToShow appUuid versionUuid
		iconUrl`,
	enum:   `installationStatus applicationSource installScope appType appSubType`,
	number: `versionCode bundleSize dynamicSize`,
	flag:   `managed system installing appStoreVendable deviceBasedVpp betaApp adHocCodeSigned hasUpdateAvailable lockable hideable relutionMdmApp`,
})

// listAppsV2 is the inventory of the device.
func (c *call) listAppsV2() reply {
	return c.listApps(func(s *state) []item {
		var items []item
		for i, a := range s.Apps {
			items = append(items, item{object: object{
				"uuid": uuid("app", s.uuid, a.Identifier), "deviceUuid": s.uuid, "identifier": a.Identifier, "name": a.Name,
				"versionCode": nil, "versionName": a.Version, "shortVersion": a.Version, "versionToShow": a.Version,
				"managed": i%2 == 0, "system": false, "bundleSize": 1_000_000 * (i + 12), "dynamicSize": size(i), "installing": false,
				"appStoreVendable": true, "deviceBasedVpp": i%2 == 0, "betaApp": false, "adHocCodeSigned": false,
				"hasUpdateAvailable": i%5 == 2, "applicationSource": nil, "installScope": "DEVICE", "appType": "NATIVE",
				"appSubType": nil, "appUuid": storeApp(i, a.Identifier), "versionUuid": nil, "iconUrl": nil, "lockable": false,
				"hideable": true, "relutionMdmApp": false,
			}})
		}
		return items
	})
}

// size does not fit into the server's 32 bits for the fifth app.
func size(i int) int64 {
	if i == 4 {
		return -1_294_967_296
	}
	return 4096
}

// storeApp is the UUID of an app in the server's own store; null for others.
func storeApp(i int, identifier string) any {
	if i%2 == 1 {
		return nil
	}
	return uuid("store app", identifier)
}

// listAppsV1 has apps of the store too that the device does not have.
func (c *call) listAppsV1() reply {
	return c.listApps(func(s *state) []item {
		var items []item
		for i, a := range s.Apps {
			items = append(items, appV1(s, i, a.Identifier, a.Name, a.Version, "INSTALLED"))
		}
		n := len(items)
		return append(items,
			appV1(s, n, "com.example.boardgame", "Brettspiel", "2.0", "NOT_INSTALLED"),
			appV1(s, n+1, "com.example.atlas", "Atlas", "1.1", "INSTALLATION_PENDING"))
	})
}

func appV1(s *state, i int, identifier, name, version, status string) item {
	return item{object: object{
		"appUuid": uuid("store app", identifier), "name": name, "internalName": identifier, "versionName": version,
		"versionCode": nil, "bundleSize": 1_000_000 * (i + 12), "dynamicSize": 4096, "hasUpdateAvailable": i%5 == 2,
		"installationStatus": status,
	}}
}

// listApps answers for one device.
func (c *call) listApps(render func(*state) []item) reply {
	d := c.device()
	if d == nil {
		return c.missing("DEVICE_DOES_NOT_EXIST")
	}
	q, err := c.listQuery(appFields)
	if err != nil {
		return c.refuse(err)
	}
	return c.wrapped(c.page(q, render(d.state)))
}
