package matchtest

// Rates says how often what goes wrong, as shares between 0 and 1 of the
// devices concerned. The values of [Apple] and [Mixed] are estimates for
// schools: orders of magnitude from what users of such systems report, not
// measurements. Make them worse to see where a matcher breaks.
type Rates struct {
	// Composition.
	Apple   float64 // devices that Apple makes; the others are Android and Windows
	Windows float64 // Windows among the devices of other makers

	// What is on one side only.
	NotInInventory float64 // devices that nobody entered
	NotEnrolled    float64 // assets whose device is in no MDM, such as stock

	// The MDM's side.
	ReEnrolled  float64 // devices with an older record besides
	BoardSwap   float64 // devices that service gave another serial and UDID
	Clones      float64 // computers that report the UUID of another one, restored from its backup
	JunkSerial  float64 // devices of other makers that report a placeholder or a wrong serial
	RandomMAC   float64 // devices that report a random Wi-Fi address
	SharedDock  float64 // computers that report the address of a dock from a pool
	NoMAC       float64 // devices whose address the MDM does not know
	DefaultName float64 // devices whose name nobody set
	TagInMDM    float64 // devices whose label stands in the MDM

	// The inventory's side.
	NoSerial      float64 // assets without a serial
	Typo          float64 // serials with one typing error
	Barcode       float64 // serials with the S that printed barcodes put before
	OtherField    float64 // serials typed into the other number
	Confused      float64 // serials with O for 0 or I for 1, where there is one
	Twin          float64 // assets entered twice
	Retired       float64 // assets retired although the device lives
	Moved         float64 // assets whose site nobody changed when the device moved
	MACEntered    float64 // assets with the Wi-Fi address
	DockEntered   float64 // assets of computers with the address of a dock from the pool
	IMEIEntered   float64 // assets of phones with the IMEI
	UDIDEntered   float64 // assets with the UDID
	NameEntered   float64 // assets with the name that the MDM was told to give
	OtherModel    float64 // models written in another way
	NoMaker       float64 // assets without a manufacturer
	SwappedSerial float64 // pairs of assets whose serials were interchanged; none by default: where the serial is all that an asset has, nobody can see it
}

// Apple returns rates for a fleet of Apple's devices alone.
func Apple() Rates {
	r := Mixed()
	r.Apple = 1
	return r
}

// Mixed returns rates for a fleet of which half is Apple's.
func Mixed() Rates {
	return Rates{
		Apple:   0.5,
		Windows: 0.6,

		NotInInventory: 0.03,
		NotEnrolled:    0.10,

		ReEnrolled:  0.03,
		BoardSwap:   0.003,
		Clones:      0.002,
		JunkSerial:  0.06,
		RandomMAC:   0.10,
		SharedDock:  0.15,
		NoMAC:       0.03,
		DefaultName: 0.06,
		TagInMDM:    0.40,

		NoSerial:    0.007,
		Typo:        0.005,
		Barcode:     0.003,
		OtherField:  0.002,
		Confused:    0.002,
		Twin:        0.003,
		Retired:     0.002,
		Moved:       0.003,
		MACEntered:  0.60,
		DockEntered: 0.05,
		IMEIEntered: 0.70,
		UDIDEntered: 0.20,
		NameEntered: 0.85,
		OtherModel:  0.15,
		NoMaker:     0.20,
	}
}
