"""The domain of Alongside: who may meet, who fits, and what two people promise each other. It knows no web page."""
